using System.Reflection;
using AnalogHil.Rpc.Reflection;
using AnalogHil.Rpc.Server;
using AnalogHil.Rpc.Wire;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps gRPC services to routes.</summary>
public static class RpcEndpointRouteBuilderExtensions
{
    /// <summary>Serves every method of a generated service; calls of unknown methods and services get UNIMPLEMENTED.</summary>
    /// <typeparam name="TService">Class derived from a generated base class; a singleton of the application's services, or
    /// created here from them. One instance serves all calls, at the same time.</typeparam>
    /// <param name="endpoints">Routes of the application; <c>AddRpc</c> must have been called on its services.</param>
    /// <returns>Conventions of all methods.</returns>
    /// <exception cref="InvalidOperationException"><c>AddRpc</c> is missing, or the class or one of its services is not fit.</exception>
    public static IEndpointConventionBuilder MapRpcService<TService>(this IEndpointRouteBuilder endpoints)
        where TService : class
    {
        IServiceProvider services = endpoints.ServiceProvider;
        ServiceRegistry registry = services.GetService<ServiceRegistry>()
            ?? throw new InvalidOperationException("MapRpcService needs the gRPC server; call services.AddRpc() before building the application.");
        TService service = services.GetService<TService>() ?? ActivatorUtilities.CreateInstance<TService>(services);

        var pipeline = new CallPipeline(
            services.GetRequiredService<IOptions<RpcServerOptions>>().Value,
            services.GetRequiredService<CallMeter>(),
            services.GetService<TimeProvider>() ?? TimeProvider.System,
            services.GetRequiredService<ILoggerFactory>().CreateLogger<TService>());
        var binder = new EndpointBinder(endpoints, pipeline);
        MethodInfo bind = FindBind(typeof(TService));
        ServiceBinderBase handlers = services.GetService<IRpcInterception>()?.Around(binder) ?? binder;
        bind.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [handlers, service], null);
        var descriptor = bind.DeclaringType!.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) as ServiceDescriptor;
        foreach (string name in binder.Services)
        {
            if (!registry.Add(name, descriptor))
            {
                throw new InvalidOperationException($"Service {name} is mapped twice; call MapRpcService once for each service.");
            }
        }

        if (!registry.HasFallback)
        {
            registry.HasFallback = true;
            endpoints.Map("{service}/{method}", context =>
                AnswerUnimplemented(context, registry)).WithDisplayName("gRPC - unimplemented").WithOrder(int.MaxValue - 1);
        }

        return binder.Conventions;
    }

    /// <summary>
    /// Serves <c>grpc.reflection.v1</c> and <c>v1alpha</c>, so that general clients (grpcurl and the like) can call every mapped service without stubs.
    /// </summary>
    /// <param name="endpoints">Routes of the application; <c>AddRpc</c> must have been called on its services.</param>
    /// <returns>Conventions of the methods of both versions.</returns>
    public static IEndpointConventionBuilder MapRpcReflection(this IEndpointRouteBuilder endpoints) => new CombinedConventions(
        [endpoints.MapRpcService<ReflectionService>(), endpoints.MapRpcService<ReflectionAlphaService>()]);

    /// <summary>Full names of the services mapped so far.</summary>
    /// <param name="endpoints">Routes of the application; <c>AddRpc</c> must have been called on its services.</param>
    public static IReadOnlyCollection<string> MappedRpcServices(this IEndpointRouteBuilder endpoints) =>
        [.. endpoints.ServiceProvider.GetRequiredService<ServiceRegistry>().Services.Order(StringComparer.Ordinal)];

    private static MethodInfo FindBind(Type type)
    {
        for (Type? t = type; t is not null; t = t.BaseType)
        {
            if (t.GetCustomAttribute<BindServiceMethodAttribute>(inherit: false) is { } bind)
            {
                return bind.BindType.GetMethod(bind.BindMethodName, BindingFlags.Public | BindingFlags.Static, [typeof(ServiceBinderBase), t])
                    ?? throw new InvalidOperationException(
                        $"{bind.BindType} has no static {bind.BindMethodName}(ServiceBinderBase, {t.Name}); generate it again.");
            }
        }

        throw new InvalidOperationException($"{type} is not derived from a generated gRPC base class; derive it from XxxBase of its service.");
    }

    private static Task AnswerUnimplemented(HttpContext context, ServiceRegistry registry)
    {
        if (!CallAdmission.IsGrpcCall(context, out int refusal))
        {
            context.Response.StatusCode = refusal == StatusCodes.Status415UnsupportedMediaType ? StatusCodes.Status404NotFound : refusal;
            return Task.CompletedTask;
        }

        string service = (string)context.Request.RouteValues["service"]!;
        string what = registry.Services.Contains(service)
            ? $"Service {service} has no method {context.Request.RouteValues["method"]}."
            : $"There is no service {service}; this server has {string.Join(", ", registry.Services.Order(StringComparer.Ordinal))}.";
        context.Response.ContentType = HeaderNames.ContentType;
        ResponseStatus.Write(context.Response, new Status(StatusCode.Unimplemented, what), Metadata.Empty);
        return Task.CompletedTask;
    }
}
