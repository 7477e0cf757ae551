# Drawn by 'gapsim plot'. To draw it again, or otherwise, change this file and run:
# gnuplot -d -e "set terminal svg; set output 'devices.svg'" devices.gnuplot
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
set label 1 'Promoted, waiting and active devices over protocol.promotion.threshold' at screen 0, screen 1 left offset 1.6, -1.1 font ',17' textcolor rgb '#1f2328'
set label 2 'lab · 4 replications at each point · bands and bars: 95 % confidence intervals of the means' at screen 0, screen 1 left offset 1.6, -2.6 font ',12' textcolor rgb '#57606a'
set xlabel 'protocol.promotion.threshold, logarithmic; 0 stands apart' textcolor rgb '#1f2328'
set xrange [11.68:20.32]
set xtics ('0 B' 12, '16 KiB' 14, '64 KiB' 16, '256 KiB' 18, '1 MiB' 20)
set label 9 '//' at first 13, graph 0 center front font ',16' textcolor rgb '#1f2328'
set ylabel 'devices' textcolor rgb '#1f2328'
set yrange [0:14.089627771]
$line0 << EOD
14 3 2.85 3.15
16 6 5.7 6.3
18 9 8.55 9.45
20 12 11.4 12.6
EOD
$apart0 << EOD
11.904 0 0 0
EOD
$line1 << EOD
14 9.5 8.581306884 10.418693116
16 6.5 5.581306884 7.418693116
18 3.5 2.581306884 4.418693116
20 0.5 0 1.418693116
EOD
$apart1 << EOD
12 12.5 11.581306884 13.418693116
EOD
$line2 << EOD
14 2 1.9 2.1
16 2 1.9 2.1
18 2 1.9 2.1
20 2 1.9 2.1
EOD
$apart2 << EOD
12.096 2 1.9 2.1
EOD
plot $line0 using 1:3:4 with filledcurves fs transparent solid 0.18 noborder fc rgb '#0072b2' notitle, \
  $line1 using 1:3:4 with filledcurves fs transparent solid 0.18 noborder fc rgb '#d55e00' notitle, \
  $line2 using 1:3:4 with filledcurves fs transparent solid 0.18 noborder fc rgb '#009e73' notitle, \
  $line0 using 1:2 with linespoints lw 2.5 pt 7 ps 0.9 lc rgb '#0072b2' title 'promoted', \
  $apart0 using 1:2:3:4 with yerrorbars lw 2.5 pt 7 ps 0.9 lc rgb '#0072b2' notitle, \
  $line1 using 1:2 with linespoints lw 2.5 pt 5 ps 0.9 lc rgb '#d55e00' title 'waiting: missed blocks, never promoted', \
  $apart1 using 1:2:3:4 with yerrorbars lw 2.5 pt 5 ps 0.9 lc rgb '#d55e00' notitle, \
  $line2 using 1:2 with linespoints lw 2.5 pt 9 ps 0.9 lc rgb '#009e73' title 'active', \
  $apart2 using 1:2:3:4 with yerrorbars lw 2.5 pt 9 ps 0.9 lc rgb '#009e73' notitle
