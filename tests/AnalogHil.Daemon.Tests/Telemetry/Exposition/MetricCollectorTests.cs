using System.Diagnostics.Metrics;
using AnalogHil.Daemon.Telemetry.Exposition;
using Microsoft.Extensions.DependencyInjection;

namespace AnalogHil.Daemon.Tests.Telemetry.Exposition;

public sealed class MetricCollectorTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Meter _meter;
    private readonly MetricCollector _collector;

    public MetricCollectorTests()
    {
        IMeterFactory factory = _services.GetRequiredService<IMeterFactory>();
        _meter = factory.Create("AnalogHil.Test");
        _collector = new MetricCollector(factory);
    }

    [Fact]
    public void Read_CounterWithOddLabels_IsEscaped()
    {
        Counter<long> counter = _meter.CreateCounter<long>("analoghil.test.calls", "{call}", "Calls: a \\ and\na \"quote\".");

        counter.Add(2, new KeyValuePair<string, object?>("why", "a \"b\"\n\\c"), new KeyValuePair<string, object?>("bench.name", "x"));
        counter.Add(3, new KeyValuePair<string, object?>("why", "a \"b\"\n\\c"), new KeyValuePair<string, object?>("bench.name", "x"));

        Assert.Equal(
            [
                "# TYPE analoghil_test_calls_total counter",
                "# HELP analoghil_test_calls_total Calls: a \\\\ and\\na \"quote\".",
                "analoghil_test_calls_total{bench_name=\"x\",why=\"a \\\"b\\\"\\n\\\\c\"} 5",
            ],
            Lines(openMetrics: false, "analoghil_test"));
    }

    [Fact]
    public void Read_OpenMetrics_NamesUnitsAndEnds()
    {
        _meter.CreateCounter<double>("analoghil.test.time", "s", "Time.").Add(1.5);

        Assert.Equal(
            ["# TYPE analoghil_test_time_seconds counter", "# UNIT analoghil_test_time_seconds seconds", "# HELP analoghil_test_time_seconds Time.", "analoghil_test_time_seconds_total 1.5"],
            Lines(openMetrics: true, "analoghil_test"));
        Assert.EndsWith("\n# EOF\n", _collector.Read(openMetrics: true), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Histogram_CountsUpToEachBound()
    {
        Histogram<double> histogram = _meter.CreateHistogram(
            "analoghil.test.duration", "s", "Time.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        foreach (double value in new[] { 0.05, 0.1, 0.5, 7 })
        {
            histogram.Record(value, new KeyValuePair<string, object?>("call", "x"));
        }

        Assert.Equal(
            [
                "analoghil_test_duration_seconds_bucket{call=\"x\",le=\"0.1\"} 2",
                "analoghil_test_duration_seconds_bucket{call=\"x\",le=\"1\"} 3",
                "analoghil_test_duration_seconds_bucket{call=\"x\",le=\"+Inf\"} 4",
                "analoghil_test_duration_seconds_sum{call=\"x\"} 7.65",
                "analoghil_test_duration_seconds_count{call=\"x\"} 4",
            ],
            Lines(openMetrics: false, "analoghil_test").Where(line => line[0] != '#'));
    }

    [Fact]
    public void Read_GaugesAndUpDownCounters_AreGauges()
    {
        _meter.CreateGauge<double>("analoghil.test.temperature", "Cel").Record(21.5);
        UpDownCounter<long> active = _meter.CreateUpDownCounter<long>("analoghil.test.active");
        active.Add(3);
        active.Add(-1);

        Assert.Equal(
            ["# TYPE analoghil_test_active gauge", "# HELP analoghil_test_active ", "analoghil_test_active 2", "# TYPE analoghil_test_temperature_celsius gauge",
             "# HELP analoghil_test_temperature_celsius ", "analoghil_test_temperature_celsius 21.5"],
            Lines(openMetrics: false, "analoghil_test"));
    }

    [Fact]
    public void Read_ObservedSeriesThatIsGone_IsForgotten()
    {
        string bench = "a";
        _meter.CreateObservableGauge("analoghil.test.state", () => new Measurement<int>(1, new KeyValuePair<string, object?>("bench", bench)));
        Assert.Contains("analoghil_test_state{bench=\"a\"} 1", Lines(openMetrics: false, "analoghil_test"));

        bench = "b";

        Assert.Equal(["analoghil_test_state{bench=\"b\"} 1"], Lines(openMetrics: false, "analoghil_test").Where(line => line[0] != '#'));
    }

    [Fact]
    public void Read_LabelWithoutBound_LeavesOutAndSaysSo()
    {
        Counter<long> counter = _meter.CreateCounter<long>("analoghil.test.calls");
        for (int i = 0; i < MetricFamily.MostSeries + 7; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("client", i));
        }

        Assert.Equal(MetricFamily.MostSeries + 2, Lines(openMetrics: false, "analoghil_test").Count);
        Assert.Equal("analoghil_metrics_left_out_total 7", Lines(openMetrics: false, "analoghil_metrics")[^1]);
    }

    [Fact]
    public void Read_MetersOfAnotherDaemon_AreNotThere()
    {
        using ServiceProvider others = new ServiceCollection().AddMetrics().BuildServiceProvider();
        others.GetRequiredService<IMeterFactory>().Create("AnalogHil.Test").CreateCounter<long>("analoghil.test.other").Add(1);

        Assert.Empty(Lines(openMetrics: false, "analoghil_test"));
    }

    [Fact]
    public void Record_FromManyThreads_LosesNothing()
    {
        Counter<long> counter = _meter.CreateCounter<long>("analoghil.test.calls");

        Parallel.For(0, 8, thread =>
        {
            for (int i = 0; i < 1000; i++)
            {
                counter.Add(1, new KeyValuePair<string, object?>("thread", thread % 3));
            }
        });

        Assert.Equal(8000, Lines(openMetrics: false, "analoghil_test").Where(line => line[0] != '#').Sum(line => int.Parse(line.Split(' ')[1])));
    }

    public void Dispose()
    {
        _collector.Dispose();
        _services.Dispose();
    }

    private IReadOnlyList<string> Lines(bool openMetrics, string prefix) =>
        [.. _collector.Read(openMetrics).Split('\n').Where(line => line.StartsWith(prefix, StringComparison.Ordinal)
            || (line.StartsWith("# ", StringComparison.Ordinal) && line.Split(' ') is [_, _, var name, ..] && name.StartsWith(prefix, StringComparison.Ordinal)))];
}
