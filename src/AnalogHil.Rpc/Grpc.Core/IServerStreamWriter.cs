namespace Grpc.Core;

/// <summary>The responses of a server's streaming call.</summary>
/// <typeparam name="T">Type of the response.</typeparam>
public interface IServerStreamWriter<in T> : IAsyncStreamWriter<T>;
