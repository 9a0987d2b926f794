using AnalogHil.V1;

namespace AnalogHil.Daemon.Telemetry.Streaming;

/// <summary>Something seen on a bench, for every client that wants it.</summary>
/// <param name="Kind">What it is about.</param>
/// <param name="Bench">Name of the bench.</param>
/// <param name="Message">Time, bench and sample, shared by all clients and not changed any more; number and drops are each client's own.</param>
internal sealed record TelemetrySample(SampleKind Kind, string Bench, StreamResponse Message)
{
    /// <summary>Whether it tells how the bench is until a newer one comes, and not what happened once.</summary>
    public bool IsState => Kind != SampleKind.Fault;

    /// <summary>Whether a newer one of the same kind and bench makes this one needless. An alarm that comes and goes must be seen.</summary>
    public bool IsReplaceable => Kind is not (SampleKind.Fault or SampleKind.Drift);

    /// <summary>The message of one client.</summary>
    public StreamResponse ToMessage(long sequence, long dropped)
    {
        var message = new StreamResponse { Sequence = sequence, Time = Message.Time, Bench = Bench, Dropped = dropped };
        switch (Message.SampleCase)
        {
            case StreamResponse.SampleOneofCase.Telemetry:
                message.Telemetry = Message.Telemetry;
                break;
            case StreamResponse.SampleOneofCase.Calls:
                message.Calls = Message.Calls;
                break;
            case StreamResponse.SampleOneofCase.Progress:
                message.Progress = Message.Progress;
                break;
            case StreamResponse.SampleOneofCase.Fault:
                message.Fault = Message.Fault;
                break;
            case StreamResponse.SampleOneofCase.Drift:
                message.Drift = Message.Drift;
                break;
        }

        return message;
    }
}
