using System.Globalization;
using System.Reflection;
using AnalogHil.Core.Plans;
using AnalogHil.PaperStudy.Cells;
using AnalogHil.PaperStudy.Document;
using AnalogHil.PaperStudy.Networks;
using AnalogHil.Precision.Comparison;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Methods;
using AnalogHil.Precision.Search.Families;

namespace AnalogHil.PaperStudy.Running;

/// <summary>Measures what energy the larger of two networks needs to be as accurate as the smaller one is at its drop.</summary>
/// <param name="study">The study that both networks' cells belong to.</param>
/// <param name="options">What the command line asks for.</param>
/// <param name="time">Clock.</param>
/// <param name="told">Told where it stands.</param>
internal sealed class EqualAccuracyStudy(Study study, StudyOptions options, TimeProvider time, Action<string> told)
{
    /// <summary>The larger network.</summary>
    public const string Large = "resnet50";

    /// <summary>The smaller one.</summary>
    public const string Small = "mobilenetv2";

    private const double LeastEnergy = 1e-6;
    private const double LargestEnergy = 1e9;

    /// <summary>Methods whose allocation follows from their cell alone.</summary>
    public static IReadOnlyList<string> Methods { get; } = [MethodIds.Uniform, MethodIds.OursLayer, MethodIds.PaperLayer];

    /// <summary>What decides the figures of a point.</summary>
    public static string Fingerprint(CellResult large, CellResult small, StudySettings settings) =>
        string.Create(CultureInfo.InvariantCulture, $"{large.Fingerprint}-{small.Fingerprint}-{settings.Seeds}");

    /// <summary>Runs every point whose cells are there and that is not there itself.</summary>
    /// <returns>Points that were run.</returns>
    public int Run(CancellationToken cancellationToken)
    {
        StudyNetwork? source = study.Networks.FirstOrDefault(network => network.Id == Large);
        if (source is null || !File.Exists(source.Model))
        {
            told($"{Large}: {(source is null ? "not in the reduced study" : $"'{source.Model}' is missing")}; name the folder of the shared data with --data");
            return 0;
        }

        LoadedNetwork? loaded = null;
        int run = 0;
        foreach (LawCase law in LawCase.For(grouped: false))
        {
            foreach (string method in Methods)
            {
                CellResult? large = study.Store.Find(new CellKey(Large, law.Id, method));
                CellResult? small = study.Store.Find(new CellKey(Small, law.Id, method));
                if (large is not { Energy.Reached: true } || small is not { Energy.Reached: true } || !(EqualAccuracy.MayLose(large, small) > 0))
                {
                    told($"{law.Id}, {MethodIds.Title(method)}: cells of both that reach their drop are not there");
                    continue;
                }

                string fingerprint = Fingerprint(large, small, options.Settings);
                if (study.Store.FindEqual(law.Id, method, fingerprint) is not null)
                {
                    told($"{law.Id}, {MethodIds.Title(method)}: there, skipped");
                    continue;
                }

                cancellationToken.ThrowIfCancellationRequested();
                loaded ??= LoadedNetwork.Load(source, Path.Combine(options.Root, "config", "preprocessing"), options.Threads);
                EqualPoint point = Measure(loaded, law, large, small, fingerprint, cancellationToken);
                study.Store.SaveEqual(point);
                told(string.Create(CultureInfo.InvariantCulture, $"{law.Id}, {MethodIds.Title(method)}: {point.Energy.Energy:G4} {law.Unit} per MAC, {point.Seconds:0} s"));
                run++;
            }
        }

        return run;
    }

    private EqualPoint Measure(
        LoadedNetwork network, LawCase law, CellResult large, CellResult small, string fingerprint, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        var noise = network.NoiseOf(law);
        var layout = new PlanLayout(network.Float.AnalogNodes, Granularity.Layer, RedundancyMode.ReadAndAverage);
        var comparison = new FixedSetComparison(network.For(law), noise, network.Search, new FixedSetOptions
        {
            Drop = EqualAccuracy.MayLose(large, small), Seeds = options.Settings.Seeds, Guess = large.Energy.Energy, Batch = 50,
        });
        var family = new ShapeFamily(MethodIds.Title(large.Method), layout, [.. large.Layers.Select(layer => layer.Mean)], LeastEnergy, LargestEnergy);
        FixedSetEnergy found = comparison.Measure(family, cancellationToken);
        told("  " + found.Reason);
        return new EqualPoint
        {
            Law = law.Id,
            Method = large.Method,
            Fingerprint = fingerprint,
            Energy = EqualDrop.From(found, network.Search.Count, new Certifier(network, law, noise).Discordance(found.Point, cancellationToken)),
            Seconds = time.GetElapsedTime(start).TotalSeconds,
            Library = typeof(Training).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
        };
    }
}
