using System.Collections.Immutable;
using System.Text.Json;
using AnalogHil.Daemon.Campaign.Inputs;
using AnalogHil.Daemon.Campaign.Verdicts;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Records;
using AnalogHil.Daemon.Records.Provenance;
using AnalogHil.Daemon.Records.Reads;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Campaign.Recording;

/// <summary>Writes report.json and report.html of a campaign, again at every step.</summary>
internal sealed class CampaignRecorder : ICampaignRecord
{
    private readonly RecordWriter _writer;
    private readonly NpyReadArchive _archive;
    private readonly CampaignRecord? _earlier;
    private readonly TimeProvider _time;

    private CampaignRecorder(RecordWriter writer, NpyReadArchive archive, CampaignRecord? earlier, TimeProvider time)
    {
        _writer = writer;
        _archive = archive;
        _earlier = earlier;
        _time = time;
    }

    /// <summary>How often the campaign was resumed, this run included; 0 in its first run.</summary>
    public int Resumptions => _earlier is null ? 0 : _earlier.Provenance.Resumptions + 1;

    /// <summary>Opens the record of a campaign, with what an earlier run of it left when it is resumed.</summary>
    /// <exception cref="IOException">The directory cannot be used.</exception>
    /// <exception cref="UnauthorizedAccessException">Writing there is not permitted.</exception>
    public static CampaignRecorder Open(CampaignRequest request, NpyReadArchive archive, TimeProvider time)
    {
        CampaignRecord? earlier = null;
        if (request.Resume && File.Exists(Path.Combine(request.OutputDirectory, RecordWriter.JsonName)))
        {
            earlier = RecordWriter.Read(request.OutputDirectory);
        }

        return new CampaignRecorder(new RecordWriter(request.OutputDirectory), archive, earlier, time);
    }

    /// <inheritdoc/>
    public void WritePartial(CampaignState state, CampaignPhase phase) =>
        _writer.Write(Known(state, phase, finished: null, []));

    /// <inheritdoc/>
    public void WriteFailed(CampaignState state, CampaignPhase phase, CampaignException failure) =>
        _writer.Write(Known(state, phase, _time.GetUtcNow(), _archive.Close()) with
        {
            Reason = failure.Message,
            Failure = new FailureRecord(ErrorReasons.WireName(failure.Reason), failure.Message),
        });

    /// <inheritdoc/>
    public void Discard() => RecordFiles.Discard(_writer.Location);

    /// <inheritdoc/>
    public RunResponse WriteFinal(CampaignState state)
    {
        CampaignVerdict verdict = CampaignVerdict.Of(state);
        string json = _writer.Write(Known(state, CampaignPhase.Record, _time.GetUtcNow(), _archive.Close()) with
        {
            Status = RecordStatus.Complete,
            Verdict = verdict.Verdict,
            Reason = verdict.Reason,
        });
        using var document = JsonDocument.Parse(json);
        return new RunResponse
        {
            Verdict = WireVerdict.Of(verdict.Verdict),
            Reason = verdict.Reason,
            OutputDirectory = _writer.Location,
            ReportJson = JsonSerializer.Serialize(document.RootElement),
        };
    }

    private CampaignRecord Known(CampaignState state, CampaignPhase phase, DateTimeOffset? finished, ImmutableArray<RawFileRecord> rawFiles)
    {
        // A resumed campaign that did not calibrate again rests on the reads of its earlier run.
        ImmutableArray<RawFileRecord> files = rawFiles.IsEmpty && _earlier is not null ? _earlier.Provenance.RawFiles : rawFiles;
        return RecordSections.Of(state, phase, ProvenanceSection.Of(state, _earlier?.Provenance, finished, files));
    }
}
