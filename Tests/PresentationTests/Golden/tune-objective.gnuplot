# Drawn by 'gapsim plot'. To draw it again, or otherwise, change this file and run:
# gnuplot -d -e "set terminal svg; set output 'objective.svg'" objective.gnuplot
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
set label 1 'Objective over the threshold' at screen 0, screen 1 left offset 1.6, -1.1 font ',17' textcolor rgb '#1f2328'
set label 2 'lab · up to 20 replications of a candidate · band: 95 % confidence interval of the difference to the choice' at screen 0, screen 1 left offset 1.6, -2.6 font ',12' textcolor rgb '#57606a'
set xlabel 'threshold, logarithmic; 0 stands apart' textcolor rgb '#1f2328'
set xrange [9.494629411:16.72544538]
set xtics ('0' 9.76243741, '2 KiB' 11, '4 KiB' 12, '8 KiB' 13, '16 KiB' 14, '32 KiB' 15, '64 KiB' 16)
set label 9 '//' at first 10.121108837, graph 0 center front font ',16' textcolor rgb '#1f2328'
set ylabel 'objective, less is better' textcolor rgb '#1f2328'
set yrange [12.8512:21.3888]
set y2label 'promotion rate [%]' textcolor rgb '#1f2328'
set y2range [-4:105]
set border 11
set y2tics 0, 20, 100
set rmargin 10
set label 8 '39.06 KiB' at first 15.28771238, first 14.3 left offset 1, -1 front font ',12' textcolor rgb '#1f2328'
set label 7 '8.37 KiB' at first 13.064742765, first 15.1 right offset -1, -0.8 front font ',12' textcolor rgb '#1f2328'
$objective << EOD
10.479780264 19.5 19.2 19.8
10.479780264 15.1 14.4 15.8
13.064742765 15.1 14.4 15.8
13.064742765 14.3 14.3 14.3
15.28771238 14.3 14.3 14.3
15.28771238 14.4 14 14.8
16.457637381 14.4 14 14.8
EOD
$apart << EOD
9.76243741 20.5 20.2 20.8
EOD
$rates << EOD
9.76243741 0
10.479780264 10
13.064742765 50
15.28771238 90
16.457637381 100
EOD
$rate << EOD
10.479780264 10
10.479780264 50
13.064742765 50
13.064742765 90
15.28771238 90
15.28771238 100
16.457637381 100
EOD
$eliminated << EOD
9.76243741 20.5 20.2 20.8
10.479780264 19.5 19.2 19.8
EOD
$alive << EOD
13.064742765 15.1 14.4 15.8
16.457637381 14.4 14 14.8
EOD
$chosen << EOD
15.28771238 14.3 13.9 14.7
EOD
plot $objective using 1:3:4 with filledcurves fs transparent solid 0.18 noborder fc rgb '#0072b2' title '95 % confidence interval', \
  $objective using 1:2 with lines lw 2 lc rgb '#0072b2' title 'objective (left)', \
  $apart using 1:2:3:4 with yerrorbars lw 2 pt 7 ps 0.3 lc rgb '#0072b2' notitle, \
  $rates using 1:2 axes x1y2 with points pt 1 ps 0.5 lc rgb '#d55e00' notitle, \
  $rate using 1:2 axes x1y2 with lines lw 1 lc rgb '#d55e00' title 'promotion rate (right)', \
  $eliminated using 1:2 with points pt 6 ps 0.6 lc rgb '#868f99' title 'worse', \
  $alive using 1:2 with points pt 7 ps 0.6 lc rgb '#0072b2' title 'not told apart', \
  $chosen using 1:2:3:4 with yerrorbars lw 2 pt 13 ps 1.3 lc rgb '#1f2328' title 'the choice'
