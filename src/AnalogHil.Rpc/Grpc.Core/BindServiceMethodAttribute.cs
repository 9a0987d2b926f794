namespace Grpc.Core;

/// <summary>On the generated base class of a service: names the static method that binds an implementation.</summary>
/// <param name="bindType">Type that declares the method.</param>
/// <param name="bindMethodName">Name of the method; it takes a <see cref="ServiceBinderBase"/> and the implementation.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class BindServiceMethodAttribute(Type bindType, string bindMethodName) : Attribute
{
    /// <summary>Type that declares the method.</summary>
    public Type BindType { get; } = bindType;

    /// <summary>Name of the method.</summary>
    public string BindMethodName { get; } = bindMethodName;
}
