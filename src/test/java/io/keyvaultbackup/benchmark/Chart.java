package io.keyvaultbackup.benchmark;

import java.util.List;
import java.util.Locale;

/** Bars as SVG: one group for each figure's name, all from zero, with the least and the most as a line. Stateless. */
final class Chart {

    private static final int WIDTH = 860;
    private static final int LABELS = 330;
    private static final int VALUES = 130;
    private static final int ROW = 22;
    private static final int HEAD = 34;
    private static final int MARGIN = 12;

    private Chart() {}

    static String of(Part.Written part) {
        List<String> names =
                part.figures().stream().map(Report::column).distinct().toList();
        int height = names.size() * HEAD + part.figures().size() * ROW + 2 * MARGIN;
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\""
                        + " font-family=\"sans-serif\" font-size=\"13\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>%n",
                WIDTH,
                height,
                escaped(part.title())));
        int y = MARGIN;
        for (String name : names) {
            List<Figure> group = part.figures().stream()
                    .filter(figure -> Report.column(figure).equals(name))
                    .toList();
            svg.append(text(MARGIN, y + 20, "start", "#1f2937", "600", name));
            y += HEAD;
            double most = group.stream().mapToDouble(Figure::most).max().orElse(1);
            for (Figure figure : group) {
                svg.append(row(figure, y, most <= 0 ? 1 : most));
                y += ROW;
            }
        }
        return svg.append("</svg>\n").toString();
    }

    private static String row(Figure figure, int y, double most) {
        double scale = (WIDTH - LABELS - VALUES - MARGIN) / most;
        double middle = y + ROW / 2.0 - 3;
        return text(LABELS - 8, y + 13, "end", "#374151", "400", figure.of())
                + String.format(
                        Locale.ROOT,
                        "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"#2f6fb0\"/>%n",
                        LABELS,
                        y,
                        Math.max(0, figure.median()) * scale,
                        ROW - 6)
                + String.format(
                        Locale.ROOT,
                        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#0b1f33\" stroke-width=\"2\"/>%n",
                        LABELS + Math.max(0, figure.least()) * scale,
                        middle,
                        LABELS + Math.max(0, figure.most()) * scale,
                        middle)
                + text(WIDTH - MARGIN, y + 13, "end", "#1f2937", "400", Report.number(figure.median()));
    }

    private static String text(int x, int y, String anchor, String colour, String weight, String words) {
        return String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" fill=\"%s\" font-weight=\"%s\">%s</text>%n",
                x,
                y,
                anchor,
                colour,
                weight,
                escaped(words));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
