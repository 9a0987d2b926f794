using System.Globalization;
using System.Reflection;
using AnalogHil.Core.Plans;
using AnalogHil.PaperStudy.Cells;
using AnalogHil.PaperStudy.Networks;
using AnalogHil.Precision.Clipping;
using AnalogHil.Precision.Comparison;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Methods;
using AnalogHil.Precision.Methods.Paper;
using AnalogHil.Precision.Methods.Sensitivity;
using AnalogHil.Precision.Noise;
using AnalogHil.Precision.Search.Families;

namespace AnalogHil.PaperStudy.Running;

/// <summary>Runs the cells of one network under one law.</summary>
/// <param name="network">The network.</param>
/// <param name="law">The law.</param>
/// <param name="settings">What decides the figures.</param>
/// <param name="store">Keeps the parts of a long cell that is not finished.</param>
/// <param name="time">Clock.</param>
/// <param name="told">Told where a cell stands.</param>
internal sealed class CellRunner(LoadedNetwork network, LawCase law, StudySettings settings, CellStore store, TimeProvider time, Action<string> told)
{
    // A first guess at what learning saves; the shape hardly depends on the budget it is learned at.
    private const double ShareOfUniform = 0.5;

    /// <summary>Limits of E of one entry.</summary>
    public const double LeastEnergy = 1e-6;

    /// <summary>The upper one.</summary>
    public const double LargestEnergy = 1e9;

    /// <summary>Images in one pass.</summary>
    public const int Batch = 50;

    private readonly ReferenceNoiseModel _noise = network.NoiseOf(law);
    private readonly Lazy<ClipFit?> _clips = new(() => network.ClipsOf(law, settings.Full.Clips));

    /// <summary>Version of the library, with its commit where the build knew it.</summary>
    public static string? Library { get; } = typeof(Training).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;

    /// <summary>Runs one cell.</summary>
    /// <param name="method">Id of the method.</param>
    /// <param name="fingerprint">Of its inputs.</param>
    /// <param name="others">Finished cells of the same network and law.</param>
    /// <param name="cancellationToken">Stops between batches; finished trainings of a search are kept, nothing else of the cell.</param>
    public CellResult Run(string method, string fingerprint, Func<string, CellResult> others, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        var layout = new PlanLayout(
            network.Float.AnalogNodes, MethodIds.PerChannel(method) ? Granularity.Channel : Granularity.Layer, RedundancyMode.ReadAndAverage);
        bool whole = method == MethodIds.Integer;
        (IEnergyFamily family, LearningCost cost, double guess, string? note) = Learn(method, fingerprint, layout, others, cancellationToken);
        FixedSetComparison comparison = Comparison(guess, whole);
        FixedSetEnergy found = comparison.Measure(family, cancellationToken);
        told(found.Reason);
        var certifier = new Certifier(network, law, _noise);
        double discordance = certifier.Discordance(found.Point, cancellationToken);
        return new CellResult
        {
            Network = network.Source.Id,
            Law = law.Id,
            Method = method,
            Fingerprint = fingerprint,
            ModelSha256 = network.Float.Sha256,
            Macs = network.Float.AnalogNodes.Sum(node => node.Macs),
            FloatAccuracy = network.CleanAccuracy(false, cancellationToken),
            CleanAccuracy = comparison.CleanAccuracy(cancellationToken),
            Energy = EqualDrop.From(found, network.Search.Count, discordance),
            Learning = cost,
            Certification = certifier.Run(family, found, discordance, whole ? settings.MaxRepeats : LargestEnergy, cancellationToken),
            Layers = [.. network.Float.AnalogNodes.Select((node, i) => new LayerEnergy(
                node.Name, node.Macs, Short(found.Point.Layers[i].Average()), Short(found.Point.Layers[i].Min()), Short(found.Point.Layers[i].Max())))],
            Seconds = time.GetElapsedTime(start).TotalSeconds,
            Library = Library,
            Note = note,
        };
    }

    private FixedSetComparison Comparison(double guess, bool whole) => new(network.For(law), _noise, network.Search, new FixedSetOptions
    {
        Drop = settings.Drop,
        Seeds = settings.Seeds,
        Guess = guess,
        Lowest = whole ? 1 : 1e-3,
        Highest = whole ? settings.MaxRepeats : 1e6,
        Batch = Batch,
    });

    private (IEnergyFamily Family, LearningCost Cost, double Guess, string? Note) Learn(
        string method, string fingerprint, PlanLayout layout, Func<string, CellResult> others, CancellationToken cancellationToken)
    {
        if (method == MethodIds.Uniform)
        {
            return (ShapeFamily.Uniform(layout, LeastEnergy, LargestEnergy), LearningCost.None, law.InPhotons ? 3 : 30, null);
        }

        double uniform = others(MethodIds.Uniform).Energy.Energy;
        if (method is MethodIds.OursLayer or MethodIds.OursChannel)
        {
            MethodResult ours = Train(new SensitivityMethod(settings.Ours), layout, ShareOfUniform * uniform, cancellationToken);
            return (Family(method, layout, ours.Energy), CostOf(ours, ours.Learned.Trace.Length), ShareOfUniform * uniform, null);
        }

        if (MethodIds.IsFull(method))
        {
            CellResult? shares = method == MethodIds.PaperFullLayer ? others(MethodIds.PaperLayer) : null;
            MethodResult full = TrainInFull(method, layout, uniform, shares, cancellationToken);
            return (
                Family(method, layout, full), CostOf(full, settings.Full.FirstSteps + settings.Full.SecondSteps), full.Budget,
                shares is null ? null : "the shape is that of paper, per layer, and stays");
        }

        CellResult pair = others(method == MethodIds.PaperChannel ? MethodIds.OursChannel : MethodIds.OursLayer);
        double budget = pair.Energy.Energy;
        if (method == MethodIds.Integer)
        {
            double[] shape = [.. pair.Layers.Select(layer => layer.Mean)];
            return (new IntegerFamily(MethodIds.Title(method), layout, shape, settings.MaxRepeats), pair.Learning, Math.Max(budget, 1), "the shape is that of our shares, per layer");
        }

        (PaperOptions recipe, string? note) = Recipe(pair, budget);
        if (method == MethodIds.PaperSearch)
        {
            var log = new TrainingLog(store, new CellKey(network.Source.Id, law.Id, method), fingerprint, recipe.Steps);
            var search = new PaperSearch(network, law, _noise, settings, log, told);
            PaperSearchResult searched = search.Run(recipe, layout, Task(layout), uniform, cancellationToken);
            return (Family(method, layout, searched.Energy), searched.Cost, searched.Cost.MeanEnergy, note is null ? searched.Note : $"{searched.Note}; {note}");
        }

        MethodResult paper = Train(new PaperMethod(recipe), layout, budget, cancellationToken);
        return (Family(method, layout, paper.Energy), CostOf(paper, recipe.Steps), budget, note);
    }

    // The energy between the two rounds is found on the search split, as the recipe's is given to it.
    private MethodResult TrainInFull(string method, PlanLayout layout, double uniform, CellResult? shares, CancellationToken cancellationToken)
    {
        var learning = new TwoRoundLearning(_clips.Value, settings.Full);
        return shares is null
            ? learning.Run(Task(layout), uniform, Needed, new DirectProgress(told), cancellationToken)
            : learning.RunAtShares(Task(layout), [.. shares.Layers.Select(layer => layer.Mean)], shares.Energy.Energy, Needed, new DirectProgress(told), cancellationToken);

        double Needed(MethodResult first)
        {
            double energy = Comparison(first.Budget, whole: false).Locate(Family(method, layout, first), cancellationToken);
            told(string.Create(CultureInfo.InvariantCulture, $"learned at {first.Budget:G4} per MAC, needs about {energy:G4}"));
            return energy;
        }
    }

    // The full recipe where it fits the time allowed, told by what an image cost the other method.
    private (PaperOptions Recipe, string? Note) Recipe(CellResult ours, double budget)
    {
        PaperOptions recipe = law.Recipe with { Steps = settings.PaperSteps };
        double perImage = ours.Learning.Seconds / Math.Max(ours.Learning.Backward, 1);
        int affordable = (int)Math.Min(settings.PaperMinutes * 60 / (recipe.Batch * perImage), int.MaxValue);
        if (affordable >= recipe.Steps)
        {
            return (recipe, null);
        }

        recipe = recipe with { Steps = Math.Max(affordable, 50), Start = Math.Min(recipe.Start, 2 * budget) };
        return (recipe, string.Create(
            CultureInfo.InvariantCulture,
            $"{recipe.Steps} of {settings.PaperSteps} steps (the recipe would take over {settings.PaperMinutes:0.#} min), started at twice the budget instead of 1e4"));
    }

    private MethodTask Task(PlanLayout layout) => new(network.For(law), _noise, layout, network.Learning)
    {
        LargestEnergy = LargestEnergy,
        ResidualImages = Math.Min(256, network.Learning.Count),
        Time = time,
    };

    private MethodResult Train(IPrecisionMethod method, PlanLayout layout, double budget, CancellationToken cancellationToken) =>
        Training.Run(method, Task(layout), budget, new DirectProgress(told), cancellationToken);

    private static VariantFamily Family(string method, PlanLayout layout, MethodResult learned) =>
        new(MethodIds.Title(method), Family(method, layout, learned.Energy), learned.Learned.Network!, learned.Learned.Noise);

    private static ShapeFamily Family(string method, PlanLayout layout, double[] shape) =>
        new(MethodIds.Title(method), layout, shape, LeastEnergy, LargestEnergy);

    private static LearningCost CostOf(MethodResult result, int steps) => new(
        result.Budget, result.MeanEnergy, steps, result.Cost.Forward, result.Cost.Backward, result.Seconds, result.LayerResidual);

    private static double Short(double value) => double.Parse(value.ToString("G5", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
