using System.Globalization;
using AnalogHil.Core.Plans;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.PaperStudy.Cells;
using AnalogHil.PaperStudy.Document;
using AnalogHil.PaperStudy.Networks;
using AnalogHil.Precision;
using AnalogHil.Precision.Comparison;
using AnalogHil.Precision.Learning;
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

    /// <summary>Methods whose allocation follows from their cell alone.</summary>
    public static IReadOnlyList<string> Methods { get; } = [MethodIds.Uniform, MethodIds.OursLayer, MethodIds.PaperLayer];

    /// <summary>What decides the figures of a point.</summary>
    public static string Fingerprint(CellResult large, CellResult small, StudySettings settings) =>
        string.Create(CultureInfo.InvariantCulture, $"{large.Fingerprint}-{small.Fingerprint}-{settings.Seeds}");

    /// <summary>Runs every point whose cells are there and that is not there itself.</summary>
    /// <returns>Points that were run.</returns>
    public int Run(CancellationToken cancellationToken)
    {
        StudyNetwork? large = study.Networks.FirstOrDefault(network => network.Id == Large);
        StudyNetwork? small = study.Networks.FirstOrDefault(network => network.Id == Small);
        if (large is null || small is null)
        {
            told($"{Large} and {Small} are not in this study; leave out --reduced");
            return 0;
        }

        if (new[] { large.Model, small.Model }.FirstOrDefault(model => !File.Exists(model)) is { } missing)
        {
            told($"'{missing}' is missing; name the folder of the shared data with --data");
            return 0;
        }

        int run = 0;
        Pair? pair = null;
        foreach (LawCase law in LawCase.For(grouped: false))
        {
            foreach (string method in Methods)
            {
                string name = $"{law.Id}, {MethodIds.Title(method)}";
                CellResult? ofLarge = study.Find(large, law, method);
                CellResult? ofSmall = study.Find(small, law, method);
                if (ofLarge is not { Energy.Reached: true } || ofSmall is not { Energy.Reached: true })
                {
                    told($"{name}: needs cells of both networks that reach their drop; run them with --cells {large.Id}:{law.Id}:{method},{small.Id}:{law.Id}:{method}");
                    continue;
                }

                if (!(EqualAccuracy.LossAllowed(ofLarge, ofSmall) > 0))
                {
                    told($"{name}: {Large} is not the more accurate on these images");
                    continue;
                }

                string fingerprint = Fingerprint(ofLarge, ofSmall, options.Settings);
                if (study.Store.FindEqual(law.Id, method, fingerprint) is not null)
                {
                    told($"{name}: there, skipped");
                    continue;
                }

                cancellationToken.ThrowIfCancellationRequested();
                try
                {
                    pair ??= new Pair(Load(large), Load(small));
                    pair.RequireSameImages();
                    EqualPoint point = Measure(pair, law, ofLarge, ofSmall, fingerprint, cancellationToken);
                    study.Store.SaveEqual(point);
                    told(string.Create(CultureInfo.InvariantCulture, $"{name}: {point.Energy.Energy:G4} {law.Unit} per MAC, {point.Seconds:0} s"));
                    run++;
                }
                catch (Exception error) when (error is PrecisionException or ModelImportException or DataSetException)
                {
                    told($"{name}: {error.Message}");
                }
            }
        }

        return run;
    }

    private LoadedNetwork Load(StudyNetwork network) => LoadedNetwork.Load(network, Path.Combine(options.Root, "config", "preprocessing"), options.Threads);

    private EqualPoint Measure(Pair pair, LawCase law, CellResult large, CellResult small, string fingerprint, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        LoadedNetwork network = pair.Large;
        var noise = network.NoiseOf(law);
        var layout = new PlanLayout(network.Float.AnalogNodes, Granularity.Layer, RedundancyMode.ReadAndAverage);
        var comparison = new FixedSetComparison(network.For(law), noise, network.Search, new FixedSetOptions
        {
            Drop = EqualAccuracy.LossAllowed(large, small), Seeds = options.Settings.Seeds, Guess = large.Energy.Energy, Batch = CellRunner.Batch,
        });
        var family = new ShapeFamily(MethodIds.Title(large.Method), layout, [.. large.Layers.Select(layer => layer.Mean)], CellRunner.LeastEnergy, CellRunner.LargestEnergy);
        FixedSetEnergy found = comparison.Measure(family, cancellationToken);
        told("  " + found.Reason);
        return new EqualPoint
        {
            Law = law.Id,
            Method = large.Method,
            Fingerprint = fingerprint,
            Energy = EqualDrop.From(found, network.Search.Count, new Certifier(network, law, noise).Discordance(found.Point, cancellationToken)),
            CleanDiscordance = pair.Discordance(law, cancellationToken),
            Seconds = time.GetElapsedTime(start).TotalSeconds,
            Library = CellRunner.Library,
        };
    }

    private sealed record Pair(LoadedNetwork Large, LoadedNetwork Small)
    {
        private readonly Dictionary<bool, double> _discordances = [];

        /// <exception cref="PrecisionException">The networks have other images, by their labels; one may count a background class before all others.</exception>
        public void RequireSameImages()
        {
            if (Large.Search.Count != Small.Search.Count || Large.Search.Labels.Zip(Small.Search.Labels, (a, b) => a - b).Distinct().Count() != 1)
            {
                throw new PrecisionException(
                    PrecisionFault.Data,
                    $"{Large.Source.Id} and {Small.Source.Id} have other search splits ({Large.Search.Count} and {Small.Search.Count} images); give both the same images");
            }
        }

        public double Discordance(LawCase law, CancellationToken cancellationToken)
        {
            if (!_discordances.TryGetValue(law.Quantised, out double share))
            {
                bool[] large = Judging.Run(Large.For(law), Large.Search, null, 0, cancellationToken);
                bool[] small = Judging.Run(Small.For(law), Small.Search, null, 0, cancellationToken);
                share = large.Zip(small).Count(both => both.First != both.Second) / (double)large.Length;
                _discordances.Add(law.Quantised, share);
            }

            return share;
        }
    }
}
