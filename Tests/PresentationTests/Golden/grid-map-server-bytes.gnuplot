# Drawn by 'gapsim plot'. To draw it again, or otherwise, change this file and run:
# gnuplot -d -e "set terminal svg; set output 'map-server-bytes.svg'" map-server-bytes.gnuplot
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
set label 1 'Bytes sent by the server over both keys' at screen 0, screen 1 left offset 1.6, -1.1 font ',17' textcolor rgb '#1f2328'
set label 2 'lab · 4 replications at each point · ± half of the 95 % interval · framed: not told apart from the least' at screen 0, screen 1 left offset 1.6, -2.6 font ',12' textcolor rgb '#57606a'
set label 10 '586' at first 0, first 0 center offset 0, 0.45 front font ',11' textcolor rgb '#000000'
set label 11 '± 29' at first 0, first 0 center offset 0, -0.6 front font ',11' textcolor rgb '#000000'
set label 12 '605' at first 0, first 1 center offset 0, 0.45 front font ',11' textcolor rgb '#000000'
set label 13 '± 30' at first 0, first 1 center offset 0, -0.6 front font ',11' textcolor rgb '#000000'
set label 14 '625' at first 1, first 0 center offset 0, 0.45 front font ',11' textcolor rgb '#000000'
set label 15 '± 31' at first 1, first 0 center offset 0, -0.6 front font ',11' textcolor rgb '#000000'
set label 16 '645' at first 1, first 1 center offset 0, 0.45 front font ',11' textcolor rgb '#000000'
set label 17 '± 32' at first 1, first 1 center offset 0, -0.6 front font ',11' textcolor rgb '#000000'
set label 18 '664' at first 2, first 0 center offset 0, 0.45 front font ',11' textcolor rgb '#000000'
set label 19 '± 33' at first 2, first 0 center offset 0, -0.6 front font ',11' textcolor rgb '#000000'
set label 20 '684' at first 2, first 1 center offset 0, 0.45 front font ',11' textcolor rgb '#000000'
set label 21 '± 34' at first 2, first 1 center offset 0, -0.6 front font ',11' textcolor rgb '#000000'
set label 22 '703' at first 3, first 0 center offset 0, 0.45 front font ',11' textcolor rgb '#fdfdfd'
set label 23 '± 35' at first 3, first 0 center offset 0, -0.6 front font ',11' textcolor rgb '#fdfdfd'
set label 24 '723' at first 3, first 1 center offset 0, 0.45 front font ',11' textcolor rgb '#fdfdfd'
set label 25 '± 36' at first 3, first 1 center offset 0, -0.6 front font ',11' textcolor rgb '#fdfdfd'
set label 26 '742' at first 4, first 0 center offset 0, 0.45 front font ',11' textcolor rgb '#fdfdfd'
set label 27 '± 37' at first 4, first 0 center offset 0, -0.6 front font ',11' textcolor rgb '#fdfdfd'
set label 28 '762' at first 4, first 1 center offset 0, 0.45 front font ',11' textcolor rgb '#fdfdfd'
set label 29 '± 38' at first 4, first 1 center offset 0, -0.6 front font ',11' textcolor rgb '#fdfdfd'
set xlabel 'protocol.promotion.threshold' textcolor rgb '#1f2328'
set xrange [-0.6:4.6]
set xtics ('0 B' 0, '16 KiB' 1, '64 KiB' 2, '256 KiB' 3, '1 MiB' 4)
set ylabel 'cohorts[0].loss.bernoulli' textcolor rgb '#1f2328'
set yrange [-0.6:1.6]
set ytics ('0.001' 0, '0.01' 1)
unset grid
unset key
set palette defined (0 '#e3eef9', 1 '#9cc7e3', 2 '#4394c8', 3 '#0b5ba1', 4 '#08306b')
set cbrange [585.9375:761.71875]
set cblabel 'bytes sent by the server [KiB]' offset 2.5, 0 textcolor rgb '#1f2328'
set rmargin 15
set bmargin 4
$cells << EOD
0 0 585.9375
0 1 605.46875
1 0 625
1 1 644.53125
2 0 664.0625
2 1 683.59375
3 0 703.125
3 1 722.65625
4 0 742.1875
4 1 761.71875
EOD
set style fill solid 1 border lc rgb '#ffffff'
$best << EOD
0 0
0 1
EOD
plot $cells using 1:2:(0.5):(0.5):3 with boxxyerror lc palette notitle, \
  $best using 1:2:(0.44):(0.42) with boxxyerror fs empty lc rgb '#d55e00' lw 2.5 notitle
