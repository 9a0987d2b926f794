using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace AnalogHil.Benchmarks.Reporting;

/// <summary>Short runs inside this process: no project is generated and built, so that central package versions and lock files stay out of it.</summary>
internal sealed class ShortConfig : ManualConfig
{
    public ShortConfig()
    {
        // Many short iterations: on a shared machine some of them run undisturbed, and Min and Rate show those.
        AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithLaunchCount(1).WithWarmupCount(3)
            .WithIterationCount(15).WithIterationTime(TimeInterval.FromMilliseconds(10)));
        AddColumnProvider(DefaultColumnProviders.Instance);
        AddColumn(StatisticColumn.Min, StatisticColumn.Median, new RateColumn(), new ShortestRatioColumn());
        AddDiagnoser(MemoryDiagnoser.Default);
        AddLogger(ConsoleLogger.Default);
        AddExporter(MarkdownExporter.GitHub);
        HideColumns(Column.Error, Column.StdDev, Column.Gen0, Column.Gen1, Column.Gen2, Column.Ratio, Column.RatioSD, Column.AllocRatio);
    }
}
