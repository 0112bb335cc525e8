using PolicyEngine.Benchmarks;

switch (args.FirstOrDefault())
{
    case "compile":
        CompileBench.Run(args.Length > 1 ? int.Parse(args[1]) : 1);
        return 0;
    case "plan":
        PlanBench.Run();
        return 0;
    case "xds-host":
        await XdsHost.Run(int.Parse(args[1]), int.Parse(args[2]));
        return 0;
    default:
        Console.Error.WriteLine("usage: compile [SCALE] | plan | xds-host XDS_PORT HTTP_PORT");
        return 1;
}
