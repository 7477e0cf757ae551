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
set tmargin 3
set label 1 'Gap sizes at the first checks' at screen 0.02, screen 0.95 left font ',17' textcolor rgb '#1f2328'
set xlabel 'gap size [blocks], logarithmic' textcolor rgb '#1f2328'
set logscale x
set xtics ('1' 1, '2' 2, '5' 5, '10' 10, '20' 20)
set xrange [0.8:46.8]
set ylabel 'gaps, mean of a replication, logarithmic' textcolor rgb '#1f2328'
set logscale y
set ytics ('0.5' 0.5, '1' 1, '2' 2, '5' 5, '10' 10)
set yrange [0.434782609:18.975]
$gaps << EOD
1 11
2 1.5
11 1
19 1
36 1
EOD
plot $gaps using 1:2 with impulses lw 1.5 lc rgb '#0072b2' notitle, \
  $gaps using 1:2 with points pt 7 ps 0.6 lc rgb '#0072b2' title 'gaps of that size at first checks'
