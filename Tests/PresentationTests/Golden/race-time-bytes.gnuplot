# Drawn by 'gapsim plot'. To draw it again, or otherwise, change this file and run:
# gnuplot -d -e "set terminal svg; set output 'time-bytes.svg'" time-bytes.gnuplot
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
set label 1 'Time against server bytes' at screen 0, screen 1 left offset 1.6, -1.1 font ',17' textcolor rgb '#1f2328'
set label 2 'room · 4 replications at each point · bars: 95 % confidence intervals of the means' at screen 0, screen 1 left offset 1.6, -2.6 font ',12' textcolor rgb '#57606a'
set xlabel 'server sent [KiB]' textcolor rgb '#1f2328'
set xrange [0:926.780640601]
set ylabel 'makespan [ms]' textcolor rgb '#1f2328'
set yrange [0:224.99911217]
$front << EOD
94.21484375 57.490616
121.656494141 33.266082
EOD
$mark0 << EOD
121.656494141 33.266082 103.970196053 139.342792228 0 111.772090363
EOD
$mark1 << EOD
94.21484375 57.490616 91.086003199 97.343684301 0 214.284868734
EOD
$mark2 << EOD
871.349609375 130.897588 860.050989606 882.648229144 51.457369315 210.337806685
EOD
plot $front using 1:2 with steps lw 1.5 lc rgb '#009e73' title 'none is better in both', \
  $mark0 using 1:2:3:4:5:6 with xyerrorbars pt 7 ps 1.4 lw 1.5 lc rgb '#009e73' title 'rfc2090', \
  $mark1 using 1:2:3:4:5:6 with xyerrorbars pt 13 ps 1.4 lw 1.5 lc rgb '#0072b2' title 'promotion', \
  $mark2 using 1:2:3:4:5:6 with xyerrorbars pt 5 ps 1.4 lw 1.5 lc rgb '#d55e00' title 'unicast'
