# Drawn by 'gapsim plot'. To draw it again, or otherwise, change this file and run:
# gnuplot -d -e "set terminal svg; set output 'bytes.svg'" bytes.gnuplot
set encoding utf8
set termoption noenhanced
set border 3 lw 1 lc rgb '#1f2328'
set tics out nomirror scale 0.5 textcolor rgb '#1f2328'
set grid ytics lt 1 lw 1 lc rgb '#d8dee4', lt 1 lw 1 lc rgb '#d8dee4'
set format '%h'
set key below left Left reverse horizontal maxrows 4 height 0.8 width 2 samplen 1.5 textcolor rgb '#1f2328'
set style fill solid 1 noborder
set rmargin 4
set tmargin 1
set tmargin 4.2
set label 1 'Bytes sent by the server by kind over protocol.promotion.threshold' at screen 0, screen 1 left offset 1.6, -1.1 font ',17' textcolor rgb '#1f2328'
set label 2 'lab · 4 replications at each point · bands and bars: 95 % confidence intervals of the means' at screen 0, screen 1 left offset 1.6, -2.6 font ',12' textcolor rgb '#57606a'
set xlabel 'protocol.promotion.threshold' textcolor rgb '#1f2328'
set xrange [-0.6:4.6]
set xtics ('0 B' 0, '16 KiB' 1, '64 KiB' 2, '256 KiB' 3, '1 MiB' 4)
set ylabel 'sent [KiB]' textcolor rgb '#1f2328'
set yrange [0:732.12890625]
$intervals << EOD
0 585.9375 556.640625 615.234375
1 605.46875 575.1953125 635.7421875
2 625 593.75 656.25
3 644.53125 612.3046875 676.7578125
4 664.0625 630.859375 697.265625
EOD
$sent << EOD
0 438.8671875 438.8671875 585.9375
1 440.330078125 454.958984375 605.46875
2 444.71875 473.9765625 625
3 452.033203125 495.919921875 644.53125
4 462.2734375 520.7890625 664.0625
EOD
plot $sent using 1:2:($1 - 0.38):($1 + 0.38):(0):2 with boxxyerror fs solid 1 noborder fc rgb '#0072b2' title 'multicast DATA', \
  $sent using 1:3:($1 - 0.38):($1 + 0.38):2:3 with boxxyerror fs solid 1 noborder fc rgb '#d55e00' title 'unicast DATA', \
  $sent using 1:4:($1 - 0.38):($1 + 0.38):3:4 with boxxyerror fs solid 1 noborder fc rgb '#868f99' title 'other packets', \
  $intervals using 1:2:3:4 with yerrorbars pt 7 ps 0.3 lw 2 lc rgb '#1f2328' title '95 % confidence interval of the sum'
