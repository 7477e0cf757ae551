/// The style sheet of a page: light and dark by what the reader's system prefers, light on paper.
///
/// What the scripts make has its own (`page.css`).
enum PageStyle {
  static var css: String {
    """
    :root { color-scheme: light dark; \(properties(\.light)) }
    @media screen and (prefers-color-scheme: dark) { :root { \(properties(\.dark)) } }
    \(text)
    \(first)
    \(data)
    \(small)
    \(contents)
    \(phone)
    \(paper)
    """
  }

  private static func properties(_ scheme: KeyPath<Paint, RGB>) -> String {
    Paint.allCases.map { "\($0.property): \($0[keyPath: scheme].hexadecimal);" }.joined(separator: " ")
  }

  private static let text = """
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--paper); color: var(--ink);
      font: 1rem/1.5 system-ui, "DejaVu Sans", "Liberation Sans", Arial, sans-serif; }
    main { max-width: 62rem; margin: 0 auto; padding: 1rem 1rem 2rem; }
    footer { max-width: 62rem; margin: 0 auto; padding: 0 1rem 2rem; color: var(--muted); font-size: .9rem; }
    h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .3rem; overflow-wrap: anywhere; }
    h2 { font-size: 1.35rem; margin: 2.2rem 0 .8rem; padding-top: .8rem; border-top: 1px solid var(--grid); }
    h3 { font-size: 1.1rem; margin: 1.2rem 0 .5rem; overflow-wrap: anywhere; }
    p { margin: .5rem 0; overflow-wrap: anywhere; }
    a { color: var(--link); }
    :focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
    :target { scroll-margin-top: .5rem; }
    tr:target > * { background: var(--surface); box-shadow: inset 0 2px var(--link), inset 0 -2px var(--link); }
    .kind, .note, .about, caption { color: var(--muted); }
    .kind, .note { margin: .2rem 0; font-size: .9rem; }
    .lead { font-size: 1.15rem; font-weight: 600; }
    .skip { position: absolute; left: -99rem; }
    .skip:focus { left: .5rem; top: .5rem; z-index: 9; background: var(--paper); padding: .5rem; }
    code, pre { font-family: ui-monospace, "DejaVu Sans Mono", "Liberation Mono", monospace; font-size: .85rem; }
    code { overflow-wrap: anywhere; white-space: normal; }
    pre { background: var(--surface); border: 1px solid var(--grid); border-radius: .5rem; padding: .8rem;
      overflow-x: auto; }
    .story { white-space: pre-wrap; overflow-wrap: anywhere; }
    details { margin: .4rem 0; }
    summary { cursor: pointer; color: var(--link); }
    """

  /// The first screen.
  private static let first = """
    .what { font-size: 1.1rem; margin: .3rem 0 .6rem; }
    .remarks { list-style: none; margin: .7rem 0; padding: .5rem .9rem; border: 1px solid var(--grid);
      border-left: .35rem solid var(--grey); border-radius: .4rem; background: var(--surface); }
    .remarks li { margin: .15rem 0; padding-left: 1.5rem; text-indent: -1.5rem; overflow-wrap: anywhere; }
    .remarks .mark { display: inline-block; width: 1.5rem; text-indent: 0; font-weight: 700; }
    .verdict { font-size: 1.1rem; font-weight: 600; }
    .verdict li + li { font-size: 1rem; font-weight: 400; }
    .good { border-left-color: var(--green); }
    .bad { border-left-color: var(--vermillion); }
    .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(12.5rem, 1fr)); gap: .6rem; margin: .8rem 0; }
    .figures div { background: var(--surface); border: 1px solid var(--grid); border-radius: .5rem;
      padding: .5rem .8rem; }
    .figures dt { color: var(--muted); font-size: .9rem; }
    .figures dd { margin: 0; font-size: 1.1rem; font-weight: 600; line-height: 1.3; overflow-wrap: anywhere; }
    .figures dd.about { font-size: .85rem; font-weight: 400; }
    .facts { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1rem; margin: 0 0 1rem; }
    .facts dt { color: var(--muted); }
    .facts dd { margin: 0; overflow-wrap: anywhere; }
    """

  /// Figures and tables.
  private static let data = """
    figure { margin: 0 0 2rem; }
    figure svg { display: block; width: 100%; min-width: 38rem; height: auto; color: var(--ink); }
    figure svg text { font-family: system-ui, "DejaVu Sans", "Liberation Sans", Arial, sans-serif; }
    .chart { height: 26rem; width: 100%; }
    .beside { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 0 1.5rem; }
    .beside figure { min-width: 0; }
    .beside figure svg { min-width: 22rem; }
    .live .picture { display: none; }
    figcaption { margin: .4rem 0; }
    /* A shade at the side where more follows: what is fixed is covered by what moves with the table. */
    .wide { overflow-x: auto; background:
      linear-gradient(90deg, var(--paper) 40%, transparent) left / 3rem 100% no-repeat local,
      linear-gradient(270deg, var(--paper) 40%, transparent) right / 3rem 100% no-repeat local,
      linear-gradient(90deg, color-mix(in srgb, var(--muted) 50%, transparent), transparent) left / 1rem 100% no-repeat,
      linear-gradient(270deg, color-mix(in srgb, var(--muted) 50%, transparent), transparent) right / 1rem 100% no-repeat; }
    table { border-collapse: collapse; font-size: .88rem; font-variant-numeric: tabular-nums; margin: .4rem 0; }
    caption { text-align: left; padding: .2rem 0; }
    caption span { position: sticky; left: 0; display: inline-block; max-width: min(58rem, calc(100vw - 2rem)); }
    th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid var(--grid); white-space: nowrap; }
    th { background: var(--surface); font-weight: 600; vertical-align: bottom; }
    .n { text-align: right; }
    .whole { white-space: nowrap; }
    .words :is(th, td) { white-space: normal; max-width: 36rem; overflow-wrap: break-word; }
    .words td { vertical-align: top; }
    .words td.n { white-space: nowrap; }
    .words td:not(.n) { min-width: 5rem; }
    #t-kinds td:first-child { min-width: 8.5rem; }
    #t-files td:last-child { font: .8rem ui-monospace, "DejaVu Sans Mono", "Liberation Mono", monospace; }
    .words td:last-child:not(.n) { min-width: 15rem; }
    """

  /// Drawings within tables.
  private static let small = """
    svg.small { width: 8.25rem; height: 1.25rem; vertical-align: middle; margin-right: .6rem; }
    """

  /// The list of contents: beside the text where there is room.
  private static let contents = """
    nav { margin: 1rem 0; font-size: .95rem; }
    nav ul { list-style: none; margin: 0; padding: 0; }
    nav ul ul { padding-left: .9rem; font-size: .92em; }
    nav a { display: block; padding: .15rem .3rem; text-decoration: none; border-radius: .3rem; overflow-wrap: anywhere; }
    nav a:hover, nav a[aria-current] { background: var(--surface); text-decoration: underline; }
    nav summary { font-weight: 600; padding: .2rem 0; }
    @media screen and (min-width: 64rem) {
      main, footer { margin: 0 auto 0 max(16rem, calc(50vw - 23rem)); }
      caption span { max-width: min(58rem, calc(100vw - 19rem)); }
      nav { position: fixed; top: 0; bottom: 0; left: max(0rem, calc(50vw - 39rem)); width: 15.5rem; margin: 0;
        padding: 1rem .6rem; overflow-y: auto; border-right: 1px solid var(--grid); background: var(--paper); }
    }
    """
}
