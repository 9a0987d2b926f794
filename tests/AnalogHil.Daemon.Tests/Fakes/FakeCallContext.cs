using Grpc.Core;

namespace AnalogHil.Daemon.Tests.Fakes;

/// <summary>A call that came over nothing.</summary>
internal sealed class FakeCallContext : ServerCallContext
{
    private readonly Dictionary<object, object> _userState = [];

    protected override string MethodCore => "/test/Test";

    protected override string HostCore => "localhost";

    protected override string PeerCore => "test";

    protected override DateTime DeadlineCore => DateTime.MaxValue;

    protected override Metadata RequestHeadersCore { get; } = [];

    protected override CancellationToken CancellationTokenCore => CancellationToken.None;

    protected override Metadata ResponseTrailersCore { get; } = [];

    protected override Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override IDictionary<object, object> UserStateCore => _userState;

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => Task.CompletedTask;
}
