# Drawn by 'gapsim plot'. To draw it again, or otherwise, change this file and run:
# gnuplot -d -e "set terminal svg; set output 'roles.svg'" roles.gnuplot
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
set label 1 'Roles over time, replication 1' at screen 0, screen 1 left offset 1.6, -1.1 font ',17' textcolor rgb '#1f2328'
set label 2 'lab · replication 1 of 2 · 8 devices by role, stacked' at screen 0, screen 1 left offset 1.6, -2.6 font ',12' textcolor rgb '#57606a'
set xlabel 'time [ms]' textcolor rgb '#1f2328'
set xrange [0:252]
set ylabel 'devices' textcolor rgb '#1f2328'
set yrange [0:8]
set grid front
$roles << EOD
0 0 0 0 0 8 8
1 0 0 0 0 8 8
1 0 0 1 4 8 8
6 0 0 1 4 8 8
6 0 0 1 6 8 8
10 0 0 1 6 8 8
10 1 3 3 6 8 8
11 1 3 3 6 8 8
11 2 3 3 6 8 8
101 2 3 3 6 8 8
101 2 3 3 8 8 8
111 2 3 3 8 8 8
111 3 3 3 8 8 8
130 3 3 3 8 8 8
130 3 3 4 8 8 8
131 3 3 4 8 8 8
131 4 4 4 8 8 8
142 4 4 4 8 8 8
142 4 4 5 8 8 8
246 4 4 5 8 8 8
246 6 6 7 8 8 8
250 6 6 7 8 8 8
250 7 7 8 8 8 8
252 7 7 8 8 8 8
252 8 8 8 8 8 8
EOD
plot $roles using 1:(0):2 with filledcurves fc rgb '#0072b2' title 'complete', \
  $roles using 1:2:3 with filledcurves fc rgb '#c8709f' title 'smart', \
  $roles using 1:3:4 with filledcurves fc rgb '#d55e00' title 'active', \
  $roles using 1:4:5 with filledcurves fc rgb '#009e73' title 'passive', \
  $roles using 1:5:6 with filledcurves fc rgb '#868f99' title 'joining'
