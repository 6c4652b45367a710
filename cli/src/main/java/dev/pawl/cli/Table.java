package dev.pawl.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Rows in columns, as narrow as their contents; the last column gives way when the terminal is too narrow. */
final class Table {

    private static final String GAP = "  ";
    private static final int NARROWEST_LAST = 8;

    private final List<String> heads;
    private final List<Boolean> right = new ArrayList<>();
    private final List<UnaryOperator<String>> paint = new ArrayList<>();
    private final List<List<String>> rows = new ArrayList<>();

    Table(String... heads) {
        this.heads = List.of(heads);
        for (int i = 0; i < heads.length; i++) {
            right.add(false);
            paint.add(text -> text);
        }
    }

    /** Aligns a column to the right. */
    Table right(int column) {
        right.set(column, true);
        return this;
    }

    /** Paints the cells of a column. */
    Table paint(int column, UnaryOperator<String> how) {
        paint.set(column, how);
        return this;
    }

    void row(String... cells) {
        rows.add(List.of(cells));
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    void print(Screen screen) {
        int[] widths = new int[heads.size()];
        boolean[] used = new boolean[heads.size()];
        for (int column = 0; column < widths.length; column++) {
            widths[column] = heads.get(column).length();
            for (var row : rows) {
                widths[column] = Math.max(widths[column], row.get(column).length());
                used[column] |= !row.get(column).isEmpty();
            }
        }
        narrow(widths, used, screen.width());
        screen.print(line(heads, widths, used, (column, text) -> screen.style().faint(text)));
        for (var row : rows) {
            screen.print(
                    line(row, widths, used, (column, text) -> paint.get(column).apply(text)));
        }
    }

    private static void narrow(int[] widths, boolean[] used, int screen) {
        int total = -GAP.length();
        int last = 0;
        for (int column = 0; column < widths.length; column++) {
            if (!used[column]) continue;
            total += widths[column] + GAP.length();
            last = column;
        }
        if (total > screen) widths[last] = Math.max(NARROWEST_LAST, widths[last] - (total - screen));
    }

    private interface Painter {
        String paint(int column, String text);
    }

    /** Columns in which nothing stands are left out. */
    private String line(List<String> cells, int[] widths, boolean[] used, Painter painter) {
        var line = new StringBuilder();
        var pending = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            if (!used[column]) continue;
            String text = Text.cut(cells.get(column), widths[column]);
            String padding = " ".repeat(widths[column] - text.length());
            String painted = text.isEmpty() ? "" : painter.paint(column, text);
            line.append(pending);
            pending.setLength(0);
            if (right.get(column)) line.append(padding).append(painted);
            else {
                line.append(painted);
                pending.append(padding);
            }
            pending.append(GAP);
        }
        return line.toString().stripTrailing();
    }
}
