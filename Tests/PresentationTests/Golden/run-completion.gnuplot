# Drawn by 'gapsim plot'. To draw it again, or otherwise, change this file and run:
# gnuplot -d -e "set terminal svg; set output 'completion.svg'" completion.gnuplot
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
set label 1 'Completion: share of devices over time since their join' at screen 0, screen 1 left offset 1.6, -1.1 font ',17' textcolor rgb '#1f2328'
set label 2 'lab · 2 replications · thin: each of them; bold: their median' at screen 0, screen 1 left offset 1.6, -2.6 font ',12' textcolor rgb '#57606a'
set xlabel "time from a device's join to its last block [ms], logarithmic" textcolor rgb '#1f2328'
set logscale x
set xtics ('10' 10, '20' 20, '50' 50, '100' 100, '200' 200)
set xrange [8.079193043:373.1848072]
set ylabel 'complete devices [% of the cohort]' textcolor rgb '#1f2328'
set yrange [0:105]
set ytics 0, 20, 100
$runs0 << EOD
9.291072 0
9.291072 16.666666667
10.277072 33.333333333
110.539376 50
130.780168 66.666666667
249.325792 83.333333333
251.319832 100
373.1848072 100

209.291072 0
209.291072 16.666666667
210.277072 33.333333333
310.54104 50
322.283096 66.666666667
323.5232 83.333333333
324.508528 100
373.1848072 100
EOD
$runs1 << EOD
240.798016 0
240.798016 50
240.798016 100
373.1848072 100

321.2844 0
321.2844 50
321.2844 100
373.1848072 100
EOD
$median0 << EOD
109.291072 0
109.291072 16.666666667
110.277072 33.333333333
210.540208 50
226.531632 66.666666667
286.424496 83.333333333
287.91418 100
373.1848072 100
EOD
$median1 << EOD
281.041208 0
281.041208 50
281.041208 100
373.1848072 100
EOD
plot $runs0 using 1:2 with steps lw 0.6 lc rgb '#0072b2' notitle, \
  $runs1 using 1:2 with steps lw 0.6 lc rgb '#d55e00' notitle, \
  $median0 using 1:2 with steps lw 3 lc rgb '#0072b2' title 'desks (6 devices)', \
  $median1 using 1:2 with steps lw 3 lc rgb '#d55e00' title 'late (2 devices)'
