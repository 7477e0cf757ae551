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
set tmargin 4.2
set label 1 'Total gap of each device against the threshold, and what became of it' at screen 0, screen 1 left offset 1.6, -1.1 font ',17' textcolor rgb '#1f2328'
set label 2 'lab · 2 replications · bars: means of a replication · coloured by the end' at screen 0, screen 1 left offset 1.6, -2.6 font ',12' textcolor rgb '#57606a'
set xlabel "total gap at a device's first check [KiB]" textcolor rgb '#1f2328'
set xrange [1.638671875:50.045898438]
set ylabel 'devices, mean of a replication' textcolor rgb '#1f2328'
set yrange [0:1.575]
$repaired_devices << EOD
2.229003906 1.638671875 2.819335938 0 1
3.409667969 2.819335938 4 0 0.5
5.770996094 5.180664062 6.361328125 0 0.5
EOD
$later_devices << EOD
15.216308594 14.625976562 15.806640625 0 0.5
27.022949219 26.432617188 27.61328125 0 1
EOD
$active_devices << EOD
4.590332031 4 5.180664062 0 0.5
5.770996094 5.180664062 6.361328125 0.5 1.5
8.132324219 7.541992188 8.72265625 0 0.5
15.216308594 14.625976562 15.806640625 0.5 1
49.455566406 48.865234375 50.045898438 0 1
EOD
$threshold << EOD
4 0
4 1.575
EOD
plot $repaired_devices using 1:5:2:3:4:5 with boxxyerror fs solid 1 border lc rgb '#ffffff' fc rgb '#c8709f' title 'complete by its own repair', \
  $later_devices using 1:5:2:3:4:5 with boxxyerror fs solid 1 border lc rgb '#ffffff' fc rgb '#009e73' title 'complete in a later session', \
  $active_devices using 1:5:2:3:4:5 with boxxyerror fs solid 1 border lc rgb '#ffffff' fc rgb '#d55e00' title 'complete as active device', \
  $threshold using 1:2 with lines lw 2.5 lc rgb '#1f2328' title 'threshold 4 KiB'
