extension PageStyle {
  /// A narrow window. What is touched has room for a finger.
  static let phone = """
    @media screen and (max-width: 40rem) {
      main, footer { padding-left: .8rem; padding-right: .8rem; }
      h1 { font-size: 1.4rem; }
      h2 { font-size: 1.2rem; }
      .what, .verdict { font-size: 1rem; }
      .facts { grid-template-columns: 1fr; gap: 0; }
      .facts dd { margin-bottom: .5rem; }
      .figures { grid-template-columns: 1fr 1fr; }
      .figures.long { grid-template-columns: 1fr; }
      .figures dd { font-size: 1rem; }
      .chart { height: 20rem; }
      /* Room for the figures behind the name. */
      th, td { padding: .25rem .4rem; }
      .data :is(th, td):first-child:not(.n) { white-space: normal; min-width: 5.5rem; max-width: 8.5rem; }
    }
    @media screen and (pointer: coarse), screen and (max-width: 40rem) {
      summary, nav a { min-height: 2.75rem; padding-top: .6rem; padding-bottom: .6rem; }
      td a { display: inline-block; padding: .35rem 0; }
    }
    """

  /// A sheet of A4. A picture has its words beside it, so that three of them fill a sheet. What is folded away has no
  /// heading, but for a device's story, whose heading says the most of it.
  static let paper = """
    @media print {
      @page { size: A4; margin: 1.5cm; }
      html { font-size: 10pt; }
      main, footer { max-width: none; padding: 0; }
      nav, .skip, figure details, .chart, #s-replay, details:not([open]):not(:has(.story)),
      section:not(:has(> :not(h2, details:not([open])))) { display: none; }
      h1, h2, h3, h2 + p, h3 + .note, caption, summary, thead { break-after: avoid; }
      h1, h2, h3, h2 + p, .figures, .remarks, tr, figure { break-inside: avoid; }
      .wide + .note, footer { break-before: avoid; }
      table:not(:has(tr:nth-child(20))) { break-inside: avoid; }
      .figures { grid-template-columns: repeat(4, 1fr); }
      .figures.long { grid-template-columns: repeat(3, 1fr); }
      .figures div { padding: .3rem .5rem; }
      h2 { margin-top: 1.2rem; }
      figure { display: flow-root; margin-bottom: .7rem; }
      .wide + figure { margin-top: 1.2rem; }
      figure h3 { margin: .4rem 0 .1rem; }
      figure .picture { float: left; width: 11.8cm; margin-right: .5cm; }
      /* Two maps fill a sheet: their cells have small numbers. */
      figure.cells .picture { float: none; width: 15cm; }
      figure svg, .beside figure svg { min-width: 0; }
      figcaption { font-size: .85rem; margin: 0; }
      .beside { display: block; }
      .live .picture { display: block; }
      summary { list-style: none; color: var(--ink); }
      .broad tr > :nth-child(n+\(PagePart.mostOnPaper + 1)) { display: none; }
      .broad::after { content: "On paper this table ends after \(PagePart.mostOnPaper) columns."; color: var(--muted); }
      .wide { overflow: visible; }
      table { font-size: 7pt; }
      th, td { padding: .1rem .25rem; white-space: normal; }
      td.n { white-space: nowrap; }
      td:first-child:not(.n) { min-width: 2.4cm; }
      svg.small { width: 4.5rem; margin-right: 0; }
      pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 7.5pt; }
      /* A box with a border or padding is not divided between sheets where it has columns. */
      #s-provenance pre { columns: 2; overflow: visible; border: 0; padding: 0; }
    }
    """
}
