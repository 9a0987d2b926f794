using System.Collections.Immutable;
using AnalogHil.Daemon.Hosting;
using AnalogHil.Daemon.Records.Provenance;

namespace AnalogHil.Daemon.Campaign.Recording;

/// <summary>Where the figures come from.</summary>
internal static class ProvenanceSection
{
    /// <summary>The provenance of a campaign.</summary>
    /// <param name="state">What is known.</param>
    /// <param name="earlier">Provenance of the run that this one continues; null for a new campaign.</param>
    /// <param name="finished">When it ended, UTC; null while it runs.</param>
    /// <param name="files">Raw reads.</param>
    public static ProvenanceRecord Of(
        CampaignState state, ProvenanceRecord? earlier, DateTimeOffset? finished, ImmutableArray<RawFileRecord> files)
    {
        // Steps that were not done again keep the time they took then.
        IEnumerable<PhaseTimeRecord> kept = earlier is null
            ? []
            : earlier.Phases.Where(phase => state.PhaseTimes.All(now => now.Phase != phase.Phase));
        return new ProvenanceRecord
        {
            Seed = state.Request.Seed,
            Resumptions = state.Resumptions,
            ModelSha256 = state.Inputs.Fingerprint.ModelSha256,
            BenchSha256 = state.Inputs.Fingerprint.BenchSha256,
            DataSha256 = state.Inputs.Fingerprint.DataSha256,
            Commit = BuildInfo.Commit.Length > 0 ? BuildInfo.Commit : BuildInfo.Version,
            Version = BuildInfo.Version,
            Machine = BuildInfo.Runtime,
            Started = earlier?.Started ?? state.Started,
            Finished = finished,
            Inputs = new InputFilesRecord(state.Request.BenchFile, state.Request.ModelFile, state.Request.DataDirectory),
            Phases = [.. kept, .. state.PhaseTimes],
            RawFiles = files,
        };
    }
}
