# Drawn by 'gapsim plot'. To draw it again, or otherwise, change this file and run:
# gnuplot -d -e "set terminal svg; set output 'gap-sizes.svg'" gap-sizes.gnuplot
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
set label 1 'Gap sizes at the first checks' at screen 0, screen 1 left offset 1.6, -1.1 font ',17' textcolor rgb '#1f2328'
set label 2 'lab · 2 replications · means of a replication, counted in bins of half an octave' at screen 0, screen 1 left offset 1.6, -2.6 font ',12' textcolor rgb '#57606a'
set xlabel 'gap size [blocks], logarithmic' textcolor rgb '#1f2328'
set logscale x
set xtics ('1' 1, '2' 2, '5' 5, '10' 10, '20' 20)
set xrange [0.5:47.5]
set ylabel 'gaps in a bin, logarithmic' textcolor rgb '#1f2328'
set logscale y
set ytics ('0.5' 0.5, '1' 1, '2' 2, '5' 5, '10' 10, '20' 20)
set yrange [0.434782609:20.37921808]
$gaps << EOD
0.866025404 11 0.5 1.5 0.434782609
1.936491673 1.5 1.5 2.5 0.434782609
9.287087811 1 7.5 11.5 0.434782609
19.085334684 1 15.5 23.5 0.434782609
38.681390875 1 31.5 47.5 0.434782609
EOD
$law << EOD
0.866025404 13.631584
1.936491673 0.97960096
EOD
plot $gaps using 1:2:3:4:5:2 with boxxyerror fs solid 1 border lc rgb '#ffffff' fc rgb '#0072b2' title 'gaps at first checks', \
  $law using 1:2 with linespoints pt 7 ps 0.7 lw 2 lc rgb '#d55e00' title 'what the loss models predict of one pass'
