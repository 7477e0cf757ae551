# Fits a law to all points of growth.csv in the current folder, prints it, and draws growth-time.svg and growth-memory.svg.
set encoding utf8
set datafile separator ','
set fit quiet nolog

# What a session costs for each device and for each loss, in ms and MB; memory begins with what any process has. Points
# weigh by their relative error, so that the smallest count as much as the largest.
time_law(devices, losses) = time_device * devices / 1e3 + time_loss * losses / 1e6  # µs a device, ns a loss
memory_law(devices, losses) = memory_base + memory_device * devices / 1e3 + memory_loss * losses / 1e6  # kB, bytes
time_device = 1; time_loss = 100; memory_base = 20; memory_device = 1; memory_loss = 10
fit time_law(x, y) 'growth.csv' using 2:6:($7 * 1e3):($7 * 1e3) zerror via time_device, time_loss
fit memory_law(x, y) 'growth.csv' using 2:6:($10 / 1e6):($10 / 1e6) zerror via memory_base, memory_device, memory_loss

# How well it holds.
stats 'growth.csv' using (abs($7 * 1e3 / time_law($2, $6) - 1) * 100) name 'TIME' nooutput
stats 'growth.csv' using (abs($10 / 1e6 / memory_law($2, $6) - 1) * 100) name 'MEMORY' nooutput
stats 'growth.csv' using 8 name 'LEAST' nooutput
stats 'growth.csv' using 9 name 'MOST' nooutput
stats 'growth.csv' using 10 name 'BYTES' nooutput
flat = 'blocks_at_100_losses'
stats 'growth.csv' using (strcol(1) eq flat ? $7 : NaN) name 'FLAT' nooutput
stats 'growth.csv' using (strcol(1) eq 'devices' ? log10($2) : NaN):(log10($7)) name 'DEVICES' nooutput
time_says = sprintf("%.2g µs for each device + %.0f ns for each loss", time_device, time_loss)
memory_says = sprintf("%.0f MB + %.2g kB for each device + %.1f bytes for each loss", \
  memory_base, memory_device, memory_loss)
time_holds = sprintf("points lie off this by %.0f %% on average, by %.0f %% at most", TIME_mean, TIME_max)
memory_holds = sprintf("points lie off this by %.0f %% on average, by %.0f %% at most", MEMORY_mean, MEMORY_max)
set print '-'
print 'time: '.time_says.'; '.time_holds
print 'memory: '.memory_says.'; '.memory_holds
print sprintf('more devices: time grows as their number to the power of %.2f', DEVICES_slope)
print sprintf('blocks × 1000 at 100 losses for each device: time × %.2f from least to most', FLAT_max / FLAT_min)

ink = '#1F2328'
set terminal svg size 900,660 font 'sans-serif,12' background rgb '#FFFFFF' enhanced
set border 3 lw 1 lc rgb ink
set tics out nomirror scale 0.5 textcolor rgb ink
set grid xtics ytics lt 1 lw 1 lc rgb '#D8DEE4', lt 1 lw 1 lc rgb '#D8DEE4'
set logscale xy
set style line 1 lc rgb '#0072B2' pt 7 ps 0.6 lw 1.5
set style line 2 lc rgb '#D55E00' lw 1.5
set samples 100
set key off

# What is to be expected: what the active device loses is sent to all again.
losses(devices, blocks, loss) = devices * blocks * loss / (1 - loss)

do for [picture in 'time memory'] {
  is_time = picture eq 'time'
  y(series, seconds, bytes) = strcol(1) ne series ? NaN : is_time ? seconds * 1e3 : bytes / 1e6
  law(devices, losses) = is_time ? time_law(devices, losses) : memory_law(devices, losses)
  set output 'growth-'.picture.'.svg'
  heading = is_time ? 'Processor time of a session and its check' : 'Peak memory of a process that runs a session'
  set multiplot layout 2,2 margins 0.09,0.965,0.085,0.825 spacing 0.115,0.16 title '{/:Bold '.heading."}\n" \
    .(is_time ? time_says : memory_says)."\n".(is_time ? time_holds : memory_holds) font ',14' textcolor rgb ink
  set xlabel offset 0,0.4
  set title offset 0,-0.5
  set ylabel (is_time ? 'processor time (ms)' : 'peak memory (MB)') offset 0.5
  # One scale for the four panels.
  if (is_time) {
    set yrange [LEAST_min * 1e3 / 2 : MOST_max * 1e3 * 2]
    set ytics (0.01, 0.1, 1, 10, 100, '1 000' 1000, '10 000' 10000)
  } else {
    set yrange [BYTES_min / 1e6 / 1.5 : BYTES_max / 1e6 * 1.5]
    set ytics (1, 2, 5, 10, 20, 50, 100, 200, 500, '1 000' 1000)
  }

  set title 'more devices, 10 000 blocks, 1 % lost'
  set xlabel 'devices'
  set xrange [90:22000]; set xtics (100, '1 000' 1000, '10 000' 10000)
  plot law(x, losses(x, 1e4, 0.01)) ls 2, \
    'growth.csv' using 2:(y('devices', $7, $10)):(y('devices', $8, $10)):(y('devices', $9, $10)) with yerrorbars ls 1

  set title 'more blocks, 1 000 devices, 1 % lost'
  set xlabel 'blocks'
  set xrange [900:220000]; set xtics ('1 000' 1000, '10 000' 10000, '100 000' 100000)
  set key at graph 0.03, graph 0.97 left top Left reverse samplen 1.5 textcolor rgb ink
  plot law(1000, losses(1000, x, 0.01)) ls 2 title 'the law', \
    'growth.csv' using 3:(y('blocks', $7, $10)):(y('blocks', $8, $10)):(y('blocks', $9, $10)) with yerrorbars ls 1 \
    title is_time ? 'measured: median, least, most' : 'measured: median of five'
  set key off

  set title 'more loss, 1 000 devices, 10 000 blocks'
  set xlabel 'share of the packets that is lost'
  set xrange [0.00008:0.13]; set xtics ('0.01 %%' 0.0001, '0.1 %%' 0.001, '1 %%' 0.01, '10 %%' 0.1)
  plot law(1000, losses(1000, 1e4, x)) ls 2, \
    'growth.csv' using 4:(y('loss', $7, $10)):(y('loss', $8, $10)):(y('loss', $9, $10)) with yerrorbars ls 1

  set title 'more blocks, 1 000 devices, 100 losses each'
  set xlabel 'blocks'
  set xrange [800:1300000]; set xtics ('1 000' 1000, '10 000' 10000, '100 000' 100000, '1 000 000' 1000000)
  plot law(1000, losses(1000, x, 100 / x)) ls 2, \
    'growth.csv' using 3:(y(flat, $7, $10)):(y(flat, $8, $10)):(y(flat, $9, $10)) with yerrorbars ls 1
  unset multiplot
  unset output
}
