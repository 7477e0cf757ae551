# Drawn by 'gapsim plot'. To draw it again, or otherwise, change this file and run:
# gnuplot -d -e "set terminal svg; set output 'losses.svg'" losses.gnuplot
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
set label 1 'Where packets die' at screen 0, screen 1 left offset 1.6, -1.1 font ',17' textcolor rgb '#1f2328'
set label 2 'ports · 2 replications · means of a replication' at screen 0, screen 1 left offset 1.6, -2.6 font ',12' textcolor rgb '#57606a'
set label 14 '37' at first 37, first 4 left offset 0.7, 0 front font ',11' textcolor rgb '#1f2328'
set label 13 '5' at first 5, first 3 left offset 0.7, 0 front font ',11' textcolor rgb '#1f2328'
set label 12 '4' at first 4, first 2 left offset 0.7, 0 front font ',11' textcolor rgb '#1f2328'
set label 11 '123' at first 123, first 1 left offset 0.7, 0 front font ',11' textcolor rgb '#1f2328'
set label 10 '4' at first 4, first 0 left offset 0.7, 0 front font ',11' textcolor rgb '#1f2328'
set xlabel 'lost in a run [frames and packets]' textcolor rgb '#1f2328'
set xrange [0:141.45]
set ylabel 'place' textcolor rgb '#1f2328'
set yrange [4.6:-0.6]
set ytics ('uplink' 0, 'devices on the uplink' 1, 'floor-1' 2, 'devices on floor-1' 3, 'floor-2' 4)
set grid noytics xtics
$losses << EOD
0 0 0 4 4 4 4
1 0 0 0 71 71 123
2 0 0 4 4 4 4
3 0 0 0 0 5 5
4 0 37 37 37 37 37
EOD
set style fill solid 1 border lc rgb '#ffffff'
plot $losses using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fc rgb '#0072b2' title 'full queue of the port', \
  $losses using 3:1:3:4:($1-0.36):($1+0.36) with boxxyerror fc rgb '#d55e00' title 'lost before its fan-out', \
  $losses using 4:1:4:5:($1-0.36):($1+0.36) with boxxyerror fc rgb '#c8709f' title 'links of the devices', \
  $losses using 5:1:5:6:($1-0.36):($1+0.36) with boxxyerror fc rgb '#868f99' title 'paths of the devices', \
  $losses using 6:1:6:7:($1-0.36):($1+0.36) with boxxyerror fc rgb '#009e73' title 'buffers of the devices'
