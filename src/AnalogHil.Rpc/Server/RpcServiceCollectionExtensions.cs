using AnalogHil.Rpc.Server;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the gRPC server.</summary>
public static class RpcServiceCollectionExtensions
{
    /// <summary>Adds what <c>MapRpcService</c> needs.</summary>
    /// <param name="services">The services of the application.</param>
    /// <param name="configure">Sets the limits; null: the defaults.</param>
    public static IServiceCollection AddRpc(this IServiceCollection services, Action<RpcServerOptions>? configure = null)
    {
        services.AddRouting();
        services.AddOptions<RpcServerOptions>().Configure(o => configure?.Invoke(o)).Validate(
            o => o.MaxReceiveMessageLength > 0
                && o.MaxSendMessageLength is null or > 0
                && o.GzipFrom is null or >= 0
                && (o.MaxCallDuration is null || o.MaxCallDuration > TimeSpan.Zero)
                && (o.MaxUnaryDuration is null || o.MaxUnaryDuration > TimeSpan.Zero),
            "RpcServerOptions: message lengths and call durations must be positive.");
        services.AddMetrics();
        services.AddSingleton<CallMeter>();
        services.AddSingleton<ServiceRegistry>();
        return services;
    }
}
