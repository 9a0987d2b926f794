using System.Globalization;
using AnalogHil.Engine;
using AnalogHil.Engine.Data;
using AnalogHil.PaperStudy.Cells;
using AnalogHil.PaperStudy.Networks;
using AnalogHil.Precision;

namespace AnalogHil.PaperStudy.Running;

/// <summary>Goes through the cells, skips finished ones, keeps each as soon as it is there.</summary>
internal sealed class Study(StudyOptions options, TimeProvider time, Action<string> told)
{
    private readonly CellStore _store = new(Path.Combine(options.Out, "cells"));
    private readonly StudySettings _settings = options.Settings;
    private readonly RemainingTime _remaining = new();
    private readonly Dictionary<string, string> _hashes = [];

    public CellStore Store => _store;

    public IReadOnlyList<StudyNetwork> Networks { get; } = NetworkCatalogue.All(options.Root, options.Data, options.Reduced);

    /// <summary>Every cell of the study, run or not; the paper's own search where it is affordable.</summary>
    public static IEnumerable<CellKey> CellsOf(StudyNetwork network) =>
        from law in LawCase.For(network.Grouped)
        from method in MethodIds.All
        where method != MethodIds.PaperSearch || network.PaperSearch
        select new CellKey(network.Id, law.Id, method);

    /// <summary>Runs what is asked for.</summary>
    /// <returns>Cells that were run.</returns>
    public int Run(CancellationToken cancellationToken)
    {
        int run = 0;
        foreach (StudyNetwork network in Networks)
        {
            if (CellsOf(network).Any(Wanted))
            {
                run += RunNetwork(network, cancellationToken);
            }
        }

        return run;
    }

    private bool Wanted(CellKey key) => options.Cells.Count == 0
        ? key.Method != MethodIds.PaperSearch || options.Reduced
        : options.Cells.Any(key.Matches);

    private int RunNetwork(StudyNetwork network, CancellationToken cancellationToken)
    {
        if (!File.Exists(network.Model))
        {
            told($"{network.Id}: '{network.Model}' is missing; name the folder of the shared data with --data. Its cells are left out");
            return 0;
        }

        string sha = HashOf(network);
        int run = 0;
        LoadedNetwork? loaded = null;
        CellKey? current = null;
        foreach (LawCase law in LawCase.For(network.Grouped))
        {
            CellRunner? runner = null;
            foreach (string method in InOrder(network, law))
            {
                var key = new CellKey(network.Id, law.Id, method);
                string fingerprint = _settings.Fingerprint(key, network, sha);
                if (_store.Find(key, fingerprint) is not null)
                {
                    told($"{key}: there, skipped");
                    continue;
                }

                cancellationToken.ThrowIfCancellationRequested();
                try
                {
                    loaded ??= LoadedNetwork.Load(network, Path.Combine(options.Root, "config", "preprocessing"), options.Threads);
                    runner ??= new CellRunner(loaded, law, _settings, _store, time, line => told($"  {current}: {line}"));
                    current = key;
                    told($"{key}: begins; {Outlook(network)}");
                    CellResult result = runner.Run(method, fingerprint, other => Earlier(network, law, other, sha), cancellationToken);
                    _store.Save(result);
                    _remaining.Add(result.Seconds);
                    run++;
                    told(string.Create(CultureInfo.InvariantCulture, $"{key}: {result.Energy.Energy:G4} {law.Unit} per MAC, {result.Seconds:0} s"));
                }
                catch (Exception error) when (error is PrecisionException or ModelImportException or DataSetException)
                {
                    // One network that cannot be used is no reason to give up the others.
                    told($"{key}: {error.Message}");
                }
            }
        }

        return run;
    }

    // What is wanted and what that needs.
    private IEnumerable<string> InOrder(StudyNetwork network, LawCase law)
    {
        HashSet<string> wanted = [.. CellsOf(network).Where(key => key.Law == law.Id && Wanted(key)).Select(key => key.Method)];
        foreach (string method in wanted.ToArray())
        {
            wanted.UnionWith(MethodIds.Needs(method));
        }

        return MethodIds.All.Where(wanted.Contains);
    }

    /// <summary>A finished cell of this study's settings and of the network's present model file; null where there is none.</summary>
    public CellResult? Find(StudyNetwork network, LawCase law, string method) => Find(network, law, method, ModelHash.Of(network.Model));

    private CellResult Earlier(StudyNetwork network, LawCase law, string method, string sha) => Find(network, law, method, sha)
        ?? throw new PrecisionException(PrecisionFault.Data, $"needs {new CellKey(network.Id, law.Id, method)}, which is not there; see why above");

    private CellResult? Find(StudyNetwork network, LawCase law, string method, string sha)
    {
        var key = new CellKey(network.Id, law.Id, method);
        return _store.Find(key, _settings.Fingerprint(key, network, sha));
    }

    // What will be run: cells of other settings again, and what the wanted ones need too.
    private string Outlook(StudyNetwork present) => _remaining.Describe((
        from network in Networks.SkipWhile(network => network != present)
        where File.Exists(network.Model)
        from law in LawCase.For(network.Grouped)
        from method in InOrder(network, law)
        where Find(network, law, method, HashOf(network)) is null
        select method).Count());

    private string HashOf(StudyNetwork network)
    {
        if (!_hashes.TryGetValue(network.Model, out string? hash))
        {
            hash = ModelHash.Of(network.Model);
            _hashes.Add(network.Model, hash);
        }

        return hash;
    }
}
