# Drawn by 'gapsim plot'. To draw it again, or otherwise, change this file and run:
# gnuplot -d -e "set terminal svg; set output 'map-completion-p95.svg'" map-completion-p95.gnuplot
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
set label 1 '95th percentile of completion over both keys' at screen 0, screen 1 left offset 1.6, -1.1 font ',17' textcolor rgb '#1f2328'
set label 2 'lab · 4 replications at each point · ± half of the 95 % interval' at screen 0, screen 1 left offset 1.6, -2.6 font ',12' textcolor rgb '#57606a'
set label 10 '18.5' at first 0, first 0 center offset 0, 0.45 front font ',11' textcolor rgb '#fdfdfd'
set label 11 '± 0.93' at first 0, first 0 center offset 0, -0.6 front font ',11' textcolor rgb '#fdfdfd'
set label 12 '17.5' at first 0, first 1 center offset 0, 0.45 front font ',11' textcolor rgb '#fdfdfd'
set label 13 '± 0.88' at first 0, first 1 center offset 0, -0.6 front font ',11' textcolor rgb '#fdfdfd'
set label 14 '16.5' at first 1, first 0 center offset 0, 0.45 front font ',11' textcolor rgb '#fdfdfd'
set label 15 '± 0.83' at first 1, first 0 center offset 0, -0.6 front font ',11' textcolor rgb '#fdfdfd'
set label 16 '15.5' at first 1, first 1 center offset 0, 0.45 front font ',11' textcolor rgb '#fdfdfd'
set label 17 '± 0.78' at first 1, first 1 center offset 0, -0.6 front font ',11' textcolor rgb '#fdfdfd'
set label 18 '14.5' at first 2, first 0 center offset 0, 0.45 front font ',11' textcolor rgb '#000000'
set label 19 '± 0.73' at first 2, first 0 center offset 0, -0.6 front font ',11' textcolor rgb '#000000'
set label 20 '13.5' at first 2, first 1 center offset 0, 0.45 front font ',11' textcolor rgb '#000000'
set label 21 '± 0.68' at first 2, first 1 center offset 0, -0.6 front font ',11' textcolor rgb '#000000'
set label 22 '12.5' at first 3, first 0 center offset 0, 0.45 front font ',11' textcolor rgb '#000000'
set label 23 '± 0.62' at first 3, first 0 center offset 0, -0.6 front font ',11' textcolor rgb '#000000'
set label 24 '11.5' at first 3, first 1 center offset 0, 0.45 front font ',11' textcolor rgb '#000000'
set label 25 '± 0.58' at first 3, first 1 center offset 0, -0.6 front font ',11' textcolor rgb '#000000'
set label 26 '10.5' at first 4, first 0 center offset 0, 0.45 front font ',11' textcolor rgb '#000000'
set label 27 '± 0.53' at first 4, first 0 center offset 0, -0.6 front font ',11' textcolor rgb '#000000'
set label 28 '9.5' at first 4, first 1 center offset 0, 0.45 front font ',11' textcolor rgb '#000000'
set label 29 '± 0.47' at first 4, first 1 center offset 0, -0.6 front font ',11' textcolor rgb '#000000'
set xlabel 'protocol.promotion.threshold' textcolor rgb '#1f2328'
set xrange [-0.6:4.6]
set xtics ('0 B' 0, '16 KiB' 1, '64 KiB' 2, '256 KiB' 3, '1 MiB' 4)
set ylabel 'cohorts[0].loss.bernoulli' textcolor rgb '#1f2328'
set yrange [-0.6:1.6]
set ytics ('0.001' 0, '0.01' 1)
unset grid
unset key
set palette defined (0 '#e3eef9', 1 '#9cc7e3', 2 '#4394c8', 3 '#0b5ba1', 4 '#08306b')
set cbrange [9.5:18.5]
set cblabel '95th percentile of completion [s]' offset 2.5, 0 textcolor rgb '#1f2328'
set rmargin 15
set bmargin 4
$cells << EOD
0 0 18.5
0 1 17.5
1 0 16.5
1 1 15.5
2 0 14.5
2 1 13.5
3 0 12.5
3 1 11.5
4 0 10.5
4 1 9.5
EOD
set style fill solid 1 border lc rgb '#ffffff'
plot $cells using 1:2:(0.5):(0.5):3 with boxxyerror lc palette notitle
