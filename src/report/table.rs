//! Plain tables: columns as wide as what is in them.

/// Rows under a heading, columns two blanks apart. The last column is as long
/// as it likes; numbers stand to the right.
pub(super) fn render(head: &[&str], rows: &[Vec<String>], right: &[usize], indent: &str) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain(head.get(column).map(|cell| cell.chars().count())).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let mut out = String::from(indent);
        for (column, cell) in cells.enumerate() {
            let blank =
                " ".repeat(widths.get(column).copied().unwrap_or(0).saturating_sub(cell.chars().count()));
            if column > 0 {
                out.push_str("  ");
            }
            if right.contains(&column) {
                out.push_str(&blank);
                out.push_str(cell);
            } else {
                out.push_str(cell);
                out.push_str(&blank);
            }
        }
        let mut line = out.trim_end().to_owned();
        line.push('\n');
        line
    };
    let mut out = line(&mut head.iter().copied());
    for row in rows {
        out.push_str(&line(&mut row.iter().map(String::as_str)));
    }
    out
}
