# Drawn by 'gapsim plot'. To draw it again, or otherwise, change this file and run:
# gnuplot -d -e "set terminal svg; set output 'map-waiting-devices.svg'" map-waiting-devices.gnuplot
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
set label 1 'Waiting devices over both keys' at screen 0, screen 1 left offset 1.6, -1.1 font ',17' textcolor rgb '#1f2328'
set label 2 'lab · 4 replications at each point · ± half of the 95 % interval, or its ends' at screen 0, screen 1 left offset 1.6, -2.6 font ',12' textcolor rgb '#57606a'
set label 10 '12.5' at first 0, first 0 center offset 0, 0.45 front font ',11' textcolor rgb '#fdfdfd'
set label 11 '± 0.92' at first 0, first 0 center offset 0, -0.6 front font ',11' textcolor rgb '#fdfdfd'
set label 12 '9.5' at first 0, first 1 center offset 0, 0.45 front font ',11' textcolor rgb '#fdfdfd'
set label 13 '± 0.92' at first 0, first 1 center offset 0, -0.6 front font ',11' textcolor rgb '#fdfdfd'
set label 14 '6.5' at first 1, first 0 center offset 0, 0.45 front font ',11' textcolor rgb '#000000'
set label 15 '± 0.92' at first 1, first 0 center offset 0, -0.6 front font ',11' textcolor rgb '#000000'
set label 16 '3.5' at first 1, first 1 center offset 0, 0.45 front font ',11' textcolor rgb '#000000'
set label 17 '± 0.92' at first 1, first 1 center offset 0, -0.6 front font ',11' textcolor rgb '#000000'
set label 18 '0.5' at first 2, first 0 center offset 0, 0.45 front font ',11' textcolor rgb '#000000'
set label 19 '0–1.42' at first 2, first 0 center offset 0, -0.6 front font ',11' textcolor rgb '#000000'
set label 20 '0' at first 2, first 1 center offset 0, 0 front font ',11' textcolor rgb '#000000'
set label 21 '0' at first 3, first 0 center offset 0, 0 front font ',11' textcolor rgb '#000000'
set label 22 '0' at first 3, first 1 center offset 0, 0 front font ',11' textcolor rgb '#000000'
set label 23 '0' at first 4, first 0 center offset 0, 0 front font ',11' textcolor rgb '#000000'
set label 24 '0' at first 4, first 1 center offset 0, 0 front font ',11' textcolor rgb '#000000'
set xlabel 'protocol.promotion.threshold' textcolor rgb '#1f2328'
set xrange [-0.6:4.6]
set xtics ('0 B' 0, '16 KiB' 1, '64 KiB' 2, '256 KiB' 3, '1 MiB' 4)
set ylabel 'cohorts[0].loss.bernoulli' textcolor rgb '#1f2328'
set yrange [-0.6:1.6]
set ytics ('0.001' 0, '0.01' 1)
unset grid
unset key
set palette defined (0 '#e3eef9', 1 '#9cc7e3', 2 '#4394c8', 3 '#0b5ba1', 4 '#08306b')
set cbrange [0:12.5]
set cblabel 'waiting devices [devices]' offset 2.5, 0 textcolor rgb '#1f2328'
set rmargin 15
set bmargin 4
$cells << EOD
0 0 12.5
0 1 9.5
1 0 6.5
1 1 3.5
2 0 0.5
2 1 0
3 0 0
3 1 0
4 0 0
4 1 0
EOD
set style fill solid 1 border lc rgb '#ffffff'
plot $cells using 1:2:(0.5):(0.5):3 with boxxyerror lc palette notitle
