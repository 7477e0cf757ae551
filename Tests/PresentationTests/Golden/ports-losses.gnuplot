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
set label 12 '37' at first 37, first 2 left offset 0.7, 0 front font ',11' textcolor rgb '#1f2328'
set label 11 '9' at first 9, first 1 left offset 0.7, 0 front font ',11' textcolor rgb '#1f2328'
set label 10 '127' at first 127, first 0 left offset 0.7, 0 front font ',11' textcolor rgb '#1f2328'
set xlabel 'lost in a run [frames and packets]' textcolor rgb '#1f2328'
set xrange [0:146.05]
set ylabel 'port' textcolor rgb '#1f2328'
set yrange [2.6:-0.6]
set ytics ('uplink' 0, 'floor-1' 1, 'floor-2' 2)
set grid noytics xtics
$losses << EOD
0 0 0 4 75 75 127
1 0 0 4 4 9 9
2 0 37 37 37 37 37
EOD
set style fill solid 1 border lc rgb '#ffffff'
plot $losses using 2:1:2:3:($1-0.36):($1+0.36) with boxxyerror fc rgb '#0072b2' title 'full queue of the port', \
  $losses using 3:1:3:4:($1-0.36):($1+0.36) with boxxyerror fc rgb '#d55e00' title 'lost before its fan-out', \
  $losses using 4:1:4:5:($1-0.36):($1+0.36) with boxxyerror fc rgb '#c8709f' title 'links of its devices', \
  $losses using 5:1:5:6:($1-0.36):($1+0.36) with boxxyerror fc rgb '#868f99' title 'paths of its devices', \
  $losses using 6:1:6:7:($1-0.36):($1+0.36) with boxxyerror fc rgb '#009e73' title 'buffers of its devices'
