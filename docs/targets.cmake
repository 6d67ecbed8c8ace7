# docs-setup, docs-sync, docs-search Q=..., docs-link-khan [DIR=...]: what users
# of the Python tool type (MIGRATION.md). ARGS=... adds options.
set(docs_setup "exec \"$0\" setup $ARGS")
set(docs_sync "exec \"$0\" sync $ARGS")
set(docs_search "exec \"$0\" search $ARGS -- ")
string(APPEND docs_search "\${Q:?write: make docs-search Q='your words'}")
set(docs_link_khan "exec \"$0\" link $ARGS \"\${DIR:-../khan}\"")
foreach(name setup sync search link-khan)
    string(REPLACE - _ variable docs_${name})
    add_custom_target(docs-${name}
        COMMAND sh -c "${${variable}}" $<TARGET_FILE:cs>
        WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
        DEPENDS cs USES_TERMINAL VERBATIM)
endforeach()

# So that "make -C build docs-sync" also does it where ninja builds.
if(CMAKE_GENERATOR MATCHES Ninja)
    file(WRITE ${CMAKE_BINARY_DIR}/Makefile
        "# Leads make to ninja.\n.DEFAULT_GOAL := all\nMakefile: ;\n%:\n"
        "\t@+'${CMAKE_COMMAND}' --build . --target $@\n")
endif()
