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
set label 11 ' 16 KiB' at first 625, first 18 left offset 0, 0.9 front font ',11' textcolor rgb '#1f2328'
set label 12 ' 64 KiB' at first 664.0625, first 16 left offset 0, 0.9 front font ',11' textcolor rgb '#1f2328'
set label 13 ' 256 KiB' at first 703.125, first 14 left offset 0, 0.9 front font ',11' textcolor rgb '#1f2328'
set label 14 ' 1 MiB' at first 742.1875, first 12 left offset 0, 0.9 front font ',11' textcolor rgb '#1f2328'
set label 15 ' 0 B' at first 605.46875, first 19 left offset 0, 0.9 front font ',11' textcolor rgb '#1f2328'
set label 16 ' 16 KiB' at first 644.53125, first 17 left offset 0, 0.9 front font ',11' textcolor rgb '#1f2328'
set label 17 ' 64 KiB' at first 683.59375, first 15 left offset 0, 0.9 front font ',11' textcolor rgb '#1f2328'
set label 18 ' 256 KiB' at first 722.65625, first 13 left offset 0, 0.9 front font ',11' textcolor rgb '#1f2328'
set label 19 ' 1 MiB' at first 761.71875, first 11 left offset 0, 0.9 front font ',11' textcolor rgb '#1f2328'
set xlabel 'server sent [KiB]' textcolor rgb '#1f2328'
set xrange [571.875:775.78125]
set ylabel 'makespan [s]' textcolor rgb '#1f2328'
set yrange [10.28:20.72]
$points0 << EOD
585.9375 20
625 18
664.0625 16
703.125 14
742.1875 12
EOD
$front0 << EOD
585.9375 20
625 18
664.0625 16
703.125 14
742.1875 12
775.78125 12
EOD
$points1 << EOD
605.46875 19
644.53125 17
683.59375 15
722.65625 13
761.71875 11
EOD
$front1 << EOD
605.46875 19
644.53125 17
683.59375 15
722.65625 13
761.71875 11
775.78125 11
EOD
plot $points0 using 1:2 with points pt 5 ps 0.8 lc rgb '#0072b2' title 'loss.bernoulli 0.001', \
  $front0 using 1:2 with steps lw 1.5 lc rgb '#0072b2' title 'none is better in both', \
  $points1 using 1:2 with points pt 6 ps 0.8 lc rgb '#d55e00' title 'loss.bernoulli 0.01', \
  $front1 using 1:2 with steps lw 1.5 lc rgb '#d55e00' title ''
