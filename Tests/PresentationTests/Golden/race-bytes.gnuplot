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
set label 1 'Bytes sent by the server by kind over protocol.strategy' at screen 0, screen 1 left offset 1.6, -1.1 font ',17' textcolor rgb '#1f2328'
set label 2 'room · 4 replications at each point · bands and bars: 95 % confidence intervals of the means' at screen 0, screen 1 left offset 1.6, -2.6 font ',12' textcolor rgb '#57606a'
set xlabel 'protocol.strategy' textcolor rgb '#1f2328'
set xrange [-0.6:2.6]
set xtics ('promotion' 0, 'unicast' 1, 'rfc2090' 2)
set ylabel 'sent [KiB]' textcolor rgb '#1f2328'
set yrange [0:926.780640601]
$intervals << EOD
0 94.21484375 91.086003199 97.343684301
1 871.349609375 860.050989606 882.648229144
2 121.656494141 103.970196053 139.342792229
EOD
$sent << EOD
0 70.21875 91.430664062 94.21484375
1 0 871.349609375 871.349609375
2 119.225585938 119.225585938 121.656494141
EOD
plot $sent using 1:2:($1 - 0.38):($1 + 0.38):(0):2 with boxxyerror fs solid 1 noborder fc rgb '#0072b2' title 'multicast DATA', \
  $sent using 1:3:($1 - 0.38):($1 + 0.38):2:3 with boxxyerror fs solid 1 noborder fc rgb '#d55e00' title 'unicast DATA', \
  $sent using 1:4:($1 - 0.38):($1 + 0.38):3:4 with boxxyerror fs solid 1 noborder fc rgb '#868f99' title 'other packets', \
  $intervals using 1:2:3:4 with yerrorbars pt 7 ps 0.3 lw 2 lc rgb '#1f2328' title '95 % confidence interval of the sum'
