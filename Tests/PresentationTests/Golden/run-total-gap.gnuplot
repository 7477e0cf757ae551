# Drawn by 'gapsim plot'. To draw it again, or otherwise, change this file and run:
# gnuplot -d -e "set terminal svg; set output 'total-gap.svg'" total-gap.gnuplot
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
set label 1 'Total gap of each device against the threshold' at screen 0.02, screen 0.95 left font ',17' textcolor rgb '#1f2328'
set xlabel "total gap at a device's first check [KiB]" textcolor rgb '#1f2328'
set xrange [1.638671875:50.045898438]
set ylabel 'devices, mean of a replication' textcolor rgb '#1f2328'
set yrange [0:1.575]
$below << EOD
2.229003906 0.5 0.590332031 0.5
3.409667969 0.25 0.590332031 0.25
EOD
$above << EOD
4.590332031 0.25 0.590332031 0.25
5.770996094 0.75 0.590332031 0.75
8.132324219 0.25 0.590332031 0.25
15.216308594 0.5 0.590332031 0.5
27.022949219 0.5 0.590332031 0.5
49.455566406 0.5 0.590332031 0.5
EOD
$threshold << EOD
4 0
4 1.575
EOD
plot $below using 1:2:3:4 with boxxyerror fs solid 1 border lc rgb '#ffffff' fc rgb '#009e73' title 'below the threshold', \
  $above using 1:2:3:4 with boxxyerror fs solid 1 border lc rgb '#ffffff' fc rgb '#d55e00' title 'at or above it', \
  $threshold using 1:2 with lines lw 2.5 dt 2 lc rgb '#1f2328' title 'threshold 4 KiB'
