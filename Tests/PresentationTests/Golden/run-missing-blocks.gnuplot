# Drawn by 'gapsim plot'. To draw it again, or otherwise, change this file and run:
# gnuplot -d -e "set terminal svg; set output 'missing-blocks.svg'" missing-blocks.gnuplot
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
set label 1 'What was missing at the first check, replication 1' at screen 0, screen 1 left offset 1.6, -1.1 font ',17' textcolor rgb '#1f2328'
set label 2 'lab · replication 1 of 2 · a row for each device · a cell is a block' at screen 0, screen 1 left offset 1.6, -2.6 font ',12' textcolor rgb '#57606a'
set xlabel 'block' textcolor rgb '#1f2328'
set xtics ('5' 5, '10' 10, '15' 15, '20' 20, '25' 25, '30' 30, '35' 35)
set xrange [0.5:36.5]
unset grid
set ylabel 'device' textcolor rgb '#1f2328'
set ytics ('1' 1, '2' 2, '3' 3, '4' 4, '5' 5, '6' 6, '7' 7, '8' 8)
set yrange [0.5:8.5]
set yrange [8.5:0.5]
set rmargin 8
set label 10 'desks' at graph 1.015, first 3.5 left front font ',11' textcolor rgb '#1f2328'
set arrow 1 from graph 0, first 6.5 to graph 1.01, first 6.5 nohead front lw 1 lc rgb '#1f2328'
set label 11 'late' at graph 1.015, first 7.5 left front font ',11' textcolor rgb '#1f2328'
$cells << EOD
0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
0 0 0 0 0 0 0 0 0 0 4 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 4 0 0 4 0 0 0 0 0 4
4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4
0 0 0 0 0 0 0 0 0 0 0 4 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 4 0 0 0
4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4
0 0 0 0 0 0 0 0 0 0 0 4 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 4 0 0 4
4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
EOD
opacity = '0 255 255 255 255'
plot $cells matrix using ($1 * 1 + 1):($2 * 1 + 1):(28):(120):(190):(word(opacity, int($3) + 1) + 0) with rgbalpha notitle, \
  keyentry with boxes fs solid 1 noborder fc rgb '#001c78be' title 'missing'
