namespace Grpc.Core;

/// <summary>Name and kind of a method, without its message types.</summary>
public interface IMethod
{
    /// <summary>Which sides are streams.</summary>
    MethodType Type { get; }

    /// <summary>Full name of the service, with its package.</summary>
    string ServiceName { get; }

    /// <summary>Name within the service.</summary>
    string Name { get; }

    /// <summary>The HTTP/2 path: "/package.Service/Method".</summary>
    string FullName { get; }
}
