namespace Grpc.Core;

/// <summary>The requests of a client's streaming call.</summary>
/// <typeparam name="T">Type of the request.</typeparam>
public interface IClientStreamWriter<in T> : IAsyncStreamWriter<T>
{
    /// <summary>Says that no request follows.</summary>
    Task CompleteAsync();
}
