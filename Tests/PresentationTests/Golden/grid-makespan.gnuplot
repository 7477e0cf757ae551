# Drawn by 'gapsim plot'. To draw it again, or otherwise, change this file and run:
# gnuplot -d -e "set terminal svg; set output 'makespan.svg'" makespan.gnuplot
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
set label 1 'Makespan over protocol.promotion.threshold' at screen 0, screen 1 left offset 1.6, -1.1 font ',17' textcolor rgb '#1f2328'
set label 2 'lab · 4 replications at each point · bands and bars: 95 % confidence intervals of the means' at screen 0, screen 1 left offset 1.6, -2.6 font ',12' textcolor rgb '#57606a'
set label 10 '1 MiB' at first 20, first 12 center offset 0, 1.1 front font ',11' textcolor rgb '#1f2328'
set label 11 '1 MiB' at first 20, first 11 right offset 0, -1.1 front font ',11' textcolor rgb '#1f2328'
set xlabel 'protocol.promotion.threshold, logarithmic; 0 stands apart' textcolor rgb '#1f2328'
set xrange [11.68:20.32]
set xtics ('0 B' 12, '16 KiB' 14, '64 KiB' 16, '256 KiB' 18, '1 MiB' 20)
set label 9 '//' at first 13, graph 0 center front font ',16' textcolor rgb '#1f2328'
set ylabel 'time [s]' textcolor rgb '#1f2328'
set yrange [0:22.05]
$line0 << EOD
14 18 17.1 18.9
16 16 15.2 16.8
18 14 13.3 14.7
20 12 11.4 12.6
EOD
$apart0 << EOD
11.952 20 19 21
EOD
$line1 << EOD
14 17 16.15 17.85
16 15 14.25 15.75
18 13 12.35 13.65
20 11 10.45 11.55
EOD
$apart1 << EOD
12.048 19 18.05 19.95
EOD
$knees << EOD
20 12
20 11
EOD
plot $line0 using 1:3:4 with filledcurves fs transparent solid 0.18 noborder fc rgb '#0072b2' notitle, \
  $line1 using 1:3:4 with filledcurves fs transparent solid 0.18 noborder fc rgb '#d55e00' notitle, \
  $line0 using 1:2 with linespoints lw 2.5 pt 7 ps 0.9 lc rgb '#0072b2' title 'loss.bernoulli 0.001', \
  $apart0 using 1:2:3:4 with yerrorbars lw 2.5 pt 7 ps 0.9 lc rgb '#0072b2' notitle, \
  $line1 using 1:2 with linespoints lw 2.5 pt 5 ps 0.9 lc rgb '#d55e00' title 'loss.bernoulli 0.01', \
  $apart1 using 1:2:3:4 with yerrorbars lw 2.5 pt 5 ps 0.9 lc rgb '#d55e00' notitle, \
  $knees using 1:2 with points pt 6 ps 1.9 lw 2 lc rgb '#1f2328' notitle
