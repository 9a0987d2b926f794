using System.Collections.Frozen;
using System.Collections.Immutable;
using AnalogHil.V1;
using Google.Protobuf.Reflection;

namespace AnalogHil.Daemon.Enforcement;

/// <summary>
/// The policies of all methods that this daemon may serve. Those of analoghil.v1 are in its descriptors; those of the wire-standard services are
/// here.
/// </summary>
public sealed class MethodRules
{
    // Definitions that are not ours to annotate.
    private static readonly MethodRule[] Foreign =
    [
        Free("google.longrunning.Operations/ListOperations", Role.Viewer),
        Free("google.longrunning.Operations/GetOperation", Role.Viewer),
        Free("google.longrunning.Operations/WaitOperation", Role.Viewer),
        Free("google.longrunning.Operations/CancelOperation", Role.Operator),
        Free("google.longrunning.Operations/DeleteOperation", Role.Operator),
        Free("grpc.health.v1.Health/Check", Role.Viewer),
        Free("grpc.health.v1.Health/List", Role.Viewer),
        Free("grpc.health.v1.Health/Watch", Role.Viewer),
        Free("grpc.reflection.v1.ServerReflection/ServerReflectionInfo", Role.Viewer),
        Free("grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", Role.Viewer),
    ];

    private readonly FrozenDictionary<string, MethodRule> _rules;

    private MethodRules(IEnumerable<MethodRule> rules) => _rules = rules.Concat(Foreign).ToFrozenDictionary(rule => rule.Method, StringComparer.Ordinal);

    /// <summary>Every service of analoghil.v1 that this program was built with.</summary>
    public static ImmutableArray<ServiceDescriptor> OwnServices { get; } =
    [
        .. typeof(PolicyReflection).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(PolicyReflection).Namespace && type.Name.EndsWith("Reflection", StringComparison.Ordinal))
            .Select(type => type.GetProperty("Descriptor", System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Static)?.GetValue(null))
            .OfType<FileDescriptor>()
            .SelectMany(file => file.Services)
            .OrderBy(service => service.FullName, StringComparer.Ordinal),
    ];

    /// <summary>All rules, in order of method.</summary>
    public IEnumerable<MethodRule> All => _rules.Values.OrderBy(rule => rule.Method, StringComparer.Ordinal);

    /// <summary>The rules of services, and what is wrong with their policies.</summary>
    public static (MethodRules Rules, IReadOnlyList<string> Faults) Read(IEnumerable<ServiceDescriptor> services)
    {
        var rules = new List<MethodRule>();
        var faults = new List<string>();
        foreach (MethodDescriptor method in services.SelectMany(service => service.Methods))
        {
            string name = $"{method.Service.FullName}/{method.Name}";
            if (method.GetOptions()?.GetExtension(PolicyExtensions.Policy) is not { } policy)
            {
                faults.Add($"{name} has no policy; give it the option (analoghil.v1.policy)");
                continue;
            }

            rules.Add(new MethodRule(name, policy.Role, policy.Mutation, policy.Lease, policy.Retry));
            faults.AddRange(FaultsOf(method, policy).Select(fault => $"{name}: {fault}"));
        }

        return (new MethodRules(rules), faults);
    }

    /// <summary>The rules of this program's own services.</summary>
    /// <exception cref="InvalidOperationException">A method has no policy, or one that cannot be.</exception>
    public static MethodRules OfOwnServices()
    {
        (MethodRules rules, IReadOnlyList<string> faults) = Read(OwnServices);
        return faults.Count == 0 ? rules : throw new InvalidOperationException($"methods without a usable policy: {string.Join("; ", faults)}");
    }

    /// <summary>The rule of a method.</summary>
    /// <param name="method">"package.Service/Method", with or without a slash before it.</param>
    /// <exception cref="InvalidOperationException">There is none: the method is not to be served.</exception>
    public MethodRule Of(string method) => _rules.GetValueOrDefault(method.TrimStart('/'))
        ?? throw new InvalidOperationException($"{method} has no policy; it cannot be served");

    private static IEnumerable<string> FaultsOf(MethodDescriptor method, MethodPolicy policy)
    {
        if (policy.Role == Role.Unspecified)
        {
            yield return "its policy names no role";
        }

        if (policy.Retry != (policy.Mutation ? RetryRule.SameRequestId : RetryRule.Freely))
        {
            yield return "its retry rule and its request id do not fit together";
        }

        if (policy.Mutation && method.IsServerStreaming)
        {
            yield return "a stream of replies cannot be stored, so it cannot be a mutation";
        }

        bool needsFields = policy.Mutation || policy.Lease != LeaseNeed.Unspecified;
        if (needsFields && RequestFields.Of(method.InputType).Mutation is null)
        {
            yield return $"its request {method.InputType.Name} has no field of type Mutation, at its top or in 'start'";
        }

        if (policy.Lease != LeaseNeed.Unspecified && RequestFields.Of(method.InputType).Bench is null)
        {
            yield return $"its request {method.InputType.Name} names no bench beside its Mutation";
        }
    }

    private static MethodRule Free(string method, Role role) => new(method, role, false, LeaseNeed.Unspecified, RetryRule.Freely);
}
