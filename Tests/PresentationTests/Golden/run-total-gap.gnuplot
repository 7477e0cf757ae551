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
set xlabel "total gap at a device's first check [KiB], logarithmic" textcolor rgb '#1f2328'
set logscale x
set xtics ('5' 5, '10' 10, '20' 20, '50' 50)
set xrange [2.788502393:53.730461822]
set ylabel 'devices, mean of a replication' textcolor rgb '#1f2328'
set yrange [0:1.575]
$repaired_devices << EOD
2.892827358 2.788502393 2.997152323 0 1
3.860767884 3.721535768 4 0 0.5
5.538123823 5.338400679 5.737846967 0 0.5
EOD
$later_devices << EOD
15.208688919 14.660213071 15.757164768 0 0.5
27.089072058 26.112150125 28.065993991 0 1
EOD
$active_devices << EOD
4.149650171 4 4.299300342 0 0.5
5.538123823 5.338400679 5.737846967 0.5 1.5
8.53865419 8.230721953 8.846586427 0 0.5
15.208688919 14.660213071 15.757164768 0.5 1
51.860210348 49.989958874 53.730461822 0 1
EOD
$threshold << EOD
4 0
4 1.575
EOD
plot $repaired_devices using 1:5:2:3:4:5 with boxxyerror fs solid 1 border lc rgb '#ffffff' fc rgb '#c8709f' title 'complete by its own repair', \
  $later_devices using 1:5:2:3:4:5 with boxxyerror fs solid 1 border lc rgb '#ffffff' fc rgb '#009e73' title 'complete in a later session', \
  $active_devices using 1:5:2:3:4:5 with boxxyerror fs solid 1 border lc rgb '#ffffff' fc rgb '#d55e00' title 'complete as active device', \
  $threshold using 1:2 with lines lw 2.5 lc rgb '#1f2328' title 'threshold 4 KiB'
