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
set tmargin 3
set label 1 'Completion: share of devices over time since their join' at screen 0.02, screen 0.95 left font ',17' textcolor rgb '#1f2328'
set xlabel "time from a device's join to its last block [ms], logarithmic" textcolor rgb '#1f2328'
set logscale x
set xtics ('10' 10, '20' 20, '50' 50, '100' 100, '200' 200)
set xrange [8.079193043:373.1848072]
set ylabel 'complete devices [% of the cohort]' textcolor rgb '#1f2328'
set yrange [0:105]
set ytics 0, 20, 100
$line0 << EOD
9.291072 0
9.291072 8.333333333
10.277072 16.666666667
110.539376 25
130.780168 33.333333333
209.291072 41.666666667
210.277072 50
249.325792 58.333333333
251.319832 66.666666667
310.54104 75
322.283096 83.333333333
323.5232 91.666666667
324.508528 100
373.1848072 100
EOD
$line1 << EOD
240.798016 0
240.798016 25
240.798016 50
321.2844 75
321.2844 100
373.1848072 100
EOD
plot $line0 using 1:2 with steps lw 2.5 dt 1 lc rgb '#0072b2' title 'desks (6 devices)', \
  $line1 using 1:2 with steps lw 2.5 dt 1 lc rgb '#d55e00' title 'late (2 devices)'
