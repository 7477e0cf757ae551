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
set label 2 'lab · 4 replications at each point · a mark for each point, at its means' at screen 0, screen 1 left offset 1.6, -2.6 font ',12' textcolor rgb '#57606a'
set label 10 ' 0 B' at first 585.9375, first 20 left offset 0, 0.9 front font ',11' textcolor rgb '#1f2328'
set label 11 ' 16 KiB' at first 605.46875, first 19 left offset 0, 0.9 front font ',11' textcolor rgb '#1f2328'
set label 12 ' 64 KiB' at first 625, first 18 left offset 0, 0.9 front font ',11' textcolor rgb '#1f2328'
set label 13 ' 256 KiB' at first 644.53125, first 17 left offset 0, 0.9 front font ',11' textcolor rgb '#1f2328'
set label 14 ' 1 MiB' at first 664.0625, first 16 left offset 0, 0.9 front font ',11' textcolor rgb '#1f2328'
set xlabel 'server sent [KiB]' textcolor rgb '#1f2328'
set xrange [579.6875:670.3125]
set ylabel 'makespan [s]' textcolor rgb '#1f2328'
set yrange [15.68:20.32]
$points0 << EOD
585.9375 20
605.46875 19
625 18
644.53125 17
664.0625 16
EOD
$front0 << EOD
585.9375 20
605.46875 19
625 18
644.53125 17
664.0625 16
670.3125 16
EOD
plot $points0 using 1:2 with points pt 5 ps 0.8 lc rgb '#0072b2' title 'points', \
  $front0 using 1:2 with steps lw 1.5 lc rgb '#0072b2' title 'none is better in both'
