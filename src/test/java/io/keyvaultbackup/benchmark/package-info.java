/**
 * The benchmark of {@code ./mvnw -Pbench verify}: the packaged program in processes of its own against the emulator, which is in this one.
 *
 * <p>Each class named {@code …Benchmark} measures one part: {@link io.keyvaultbackup.benchmark.Measured} starts a process and tells how long it took, its CPU time and the most
 * memory that it had; a {@link io.keyvaultbackup.benchmark.Part} collects figures, each a list of repeated measurements, and goals, and writes them to
 * {@code target/benchmark/PART.json}; {@link io.keyvaultbackup.benchmark.Report} makes one JSON file, one page of Markdown and a chart for each part of all
 * parts that are there. What is compared is taken in turns, in one run, so that a busy machine is busy for all of it. A goal that is missed is said, and
 * fails nothing: bounds that hold on any machine are in the ordinary tests.
 */
@NullMarked
package io.keyvaultbackup.benchmark;

import org.jspecify.annotations.NullMarked;
