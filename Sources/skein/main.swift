DataCommand.main()
