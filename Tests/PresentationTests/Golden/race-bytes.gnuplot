# Drawn by 'gapsim plot'. To draw it again, or otherwise, change this file and run:
# gnuplot -d -e "set terminal svg; set output 'bytes.svg'" bytes.gnuplot
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
set label 1 'Bytes sent by the server by kind over protocol.strategy' at screen 0.02, screen 0.95 left font ',17' textcolor rgb '#1f2328'
set xlabel 'protocol.strategy' textcolor rgb '#1f2328'
set xrange [-0.6:2.6]
set xtics ('promotion' 0, 'unicast' 1, 'rfc2090' 2)
set ylabel 'sent [KiB]' textcolor rgb '#1f2328'
set yrange [0:914.917089844]
$sent << EOD
0 70.21875 91.430664062 94.21484375
1 0 871.349609375 871.349609375
2 119.225585938 119.225585938 121.656494141
EOD
plot $sent using 1:2:($1 - 0.38):($1 + 0.38):(0):2 with boxxyerror fs solid 1 noborder fc rgb '#0072b2' title 'multicast DATA', \
  $sent using 1:3:($1 - 0.38):($1 + 0.38):2:3 with boxxyerror fs solid 1 noborder fc rgb '#d55e00' title 'unicast DATA', \
  $sent using 1:4:($1 - 0.38):($1 + 0.38):3:4 with boxxyerror fs solid 1 noborder fc rgb '#868f99' title 'other packets'
