# Drawn by 'gapsim plot'. To draw it again, or otherwise, change this file and run:
# gnuplot -d -e "set terminal svg; set output 'server-bytes.svg'" server-bytes.gnuplot
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
set label 1 'Bytes sent by the server over protocol.promotion.threshold' at screen 0, screen 1 left offset 1.6, -1.1 font ',17' textcolor rgb '#1f2328'
set label 2 'lab · 4 replications at each point · bands and bars: 95 % confidence intervals of the means' at screen 0, screen 1 left offset 1.6, -2.6 font ',12' textcolor rgb '#57606a'
set label 10 '0 B' at first 11.952, first 585.9375 left offset 0, -1.1 front font ',11' textcolor rgb '#1f2328'
set label 11 '0 B' at first 12.048, first 605.46875 center offset 0, 1.1 front font ',11' textcolor rgb '#1f2328'
set xlabel 'protocol.promotion.threshold, logarithmic; 0 stands apart' textcolor rgb '#1f2328'
set xrange [11.68:20.32]
set xtics ('0 B' 12, '16 KiB' 14, '64 KiB' 16, '256 KiB' 18, '1 MiB' 20)
set label 9 '//' at first 13, graph 0 center front font ',16' textcolor rgb '#1f2328'
set ylabel 'sent [KiB]' textcolor rgb '#1f2328'
set yrange [537.1875:819.2578125]
$line0 << EOD
14 625 593.75 656.25
16 664.0625 630.859375 697.265625
18 703.125 667.96875 738.28125
20 742.1875 705.078125 779.296875
EOD
$apart0 << EOD
11.952 585.9375 556.640625 615.234375
EOD
$line1 << EOD
14 644.53125 612.3046875 676.7578125
16 683.59375 649.4140625 717.7734375
18 722.65625 686.5234375 758.7890625
20 761.71875 723.6328125 799.8046875
EOD
$apart1 << EOD
12.048 605.46875 575.1953125 635.7421875
EOD
$knees << EOD
11.952 585.9375
12.048 605.46875
EOD
plot $line0 using 1:3:4 with filledcurves fs transparent solid 0.18 noborder fc rgb '#0072b2' notitle, \
  $line1 using 1:3:4 with filledcurves fs transparent solid 0.18 noborder fc rgb '#d55e00' notitle, \
  $line0 using 1:2 with linespoints lw 2.5 pt 7 ps 0.9 lc rgb '#0072b2' title 'loss.bernoulli 0.001', \
  $apart0 using 1:2:3:4 with yerrorbars lw 2.5 pt 7 ps 0.9 lc rgb '#0072b2' notitle, \
  $line1 using 1:2 with linespoints lw 2.5 pt 5 ps 0.9 lc rgb '#d55e00' title 'loss.bernoulli 0.01', \
  $apart1 using 1:2:3:4 with yerrorbars lw 2.5 pt 5 ps 0.9 lc rgb '#d55e00' notitle, \
  $knees using 1:2 with points pt 6 ps 1.9 lw 2 lc rgb '#1f2328' notitle
