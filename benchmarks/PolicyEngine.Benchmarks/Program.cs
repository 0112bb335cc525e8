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
    case "guard":
        await GuardBench.Run();
        return 0;
    case "reader":
        return PolicyEngine.Benchmarks.Reader.ReaderBench.Run(args.Length > 1 ? args[1] : null);
    case "start":
        await StartBench.Run(args[1], args[2], args.Length > 3 ? int.Parse(args[3]) : 5);
        return 0;
    case "churn":
        await ChurnBench.Run(args.Length > 1 ? int.Parse(args[1]) : 200, TimeSpan.FromSeconds(args.Length > 2 ? int.Parse(args[2]) : 300));
        return 0;
    case "clients":
        await ClientReportBench.Run(TimeSpan.FromSeconds(args.Length > 1 ? int.Parse(args[1]) : 20), args.Length > 2 ? int.Parse(args[2]) : 1_000);
        return 0;
    case "console-sessions":
        await ConsoleBench.Run(args[1], args[2], args.Length > 3 ? int.Parse(args[3]) : 50);
        return 0;
    default:
        Console.Error.WriteLine("usage: compile [SCALE] | plan | guard | reader [FILE] | xds-host XDS_PORT HTTP_PORT | start SERVER_DLL SHOP [ROUNDS] | churn [PER_SECOND] [SECONDS] | clients [SECONDS] [ADDRESSES] | console-sessions SERVER_DLL SHOP [PEOPLE]");
        return 1;
}
