using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AnalogHil.Daemon.Telemetry.Exposition;

/// <summary>Answers scrapers.</summary>
internal static class MetricsRoute
{
    /// <summary>Maps the metrics; on other addresses than their own they are not there.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        MetricCollector collector = endpoints.ServiceProvider.GetRequiredService<MetricCollector>();
        endpoints.MapGet(MetricsAddress.Path, async (HttpContext http) =>
        {
            if (!MetricsAddress.IsOver(http))
            {
                http.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }

            bool openMetrics = http.Request.Headers.Accept.ToString().Contains("application/openmetrics-text", StringComparison.OrdinalIgnoreCase);
            http.Response.ContentType = openMetrics ? PrometheusText.OpenMetricsContentType : PrometheusText.ContentType;
            await http.Response.WriteAsync(collector.Read(openMetrics), http.RequestAborted).ConfigureAwait(false);
        });
    }
}
